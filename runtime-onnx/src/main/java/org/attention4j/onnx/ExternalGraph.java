package org.attention4j.onnx;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.external.ExternalDecoder;
import org.attention4j.core.external.ExternalDecoderOp;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;

/** A decoder in an ONNX file that is run as it is. */
final class ExternalGraph implements CompiledGraph {
    static final String FORMAT = "onnx";

    private final Graph graph;
    private final ExternalDecoder decoder;
    private final Plan plan;
    private final ModelFile file;

    private ExternalGraph(Graph graph, ExternalDecoder decoder, Plan plan, ModelFile file) {
        this.graph = graph;
        this.decoder = decoder;
        this.plan = plan;
        this.file = file;
    }

    /** The decoder that is all of a graph, if it is one. */
    static Optional<Composite> find(Graph graph) {
        return graph.ops().size() == 1
                        && graph.ops().getFirst() instanceof Composite c
                        && c.op() instanceof ExternalDecoderOp
                ? Optional.of(c)
                : Optional.empty();
    }

    private static ExternalDecoder decoder(Composite c) {
        ExternalDecoder decoder = ((ExternalDecoderOp) c.op()).decoder();
        if (!decoder.format().equals(FORMAT)) {
            throw new BackendException(
                    "%s: got a %s file, expected an %s file".formatted(decoder.file(), decoder.format(), FORMAT));
        }
        return decoder;
    }

    static ExternalGraph load(Graph graph, Composite c, OnnxOptions options) {
        ExternalDecoder decoder = decoder(c);
        return new ExternalGraph(graph, decoder, plan(c, options), ModelFile.open(decoder.file(), options));
    }

    static Plan plan(Composite c, OnnxOptions options) {
        String note = decoder(c).file().toString();
        Plan.Choice choice = new Plan.Choice(c.label(), c.name(), "as_it_is", List.of(), note);
        return new Plan(OnnxBackend.NAME, options.device().id(), List.of(choice));
    }

    ExternalDecoder decoder() {
        return decoder;
    }

    ModelFile file() {
        return file;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Execution newExecution(Map<String, Long> sizes) {
        return new ExternalExecution(this, GraphStates.sizes(graph, sizes));
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        return GraphStates.runOnce(this, inputs);
    }

    @Override
    public void close() {
        file.close();
    }
}
