package org.attention4j.core.external;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;

/** An external decoder on a backend that can't run its file: the file's ops are compiled, and states are fed from run to run. */
public final class ImportedDecoder implements CompiledGraph {
    private final Graph graph;
    private final ExternalDecoder decoder;
    private final CompiledGraph ops;

    private ImportedDecoder(Graph graph, ExternalDecoder decoder, CompiledGraph ops) {
        this.graph = graph;
        this.decoder = decoder;
        this.ops = ops;
    }

    /**
     * Imports and compiles a decoder.
     *
     * @param graph the model's graph of one op
     * @throws IllegalArgumentException if the file can't be imported
     */
    public static ImportedDecoder compile(ExternalModel model, Graph graph, Backend backend, CompileOptions options) {
        return new ImportedDecoder(graph, model.decoder(), backend.compile(model.imported(), options));
    }

    ExternalDecoder decoder() {
        return decoder;
    }

    CompiledGraph ops() {
        return ops;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    /** That of the imported ops. */
    @Override
    public Plan plan() {
        return ops.plan();
    }

    @Override
    public Execution newExecution(Map<String, Long> sizes) {
        return new ImportedExecution(this, GraphStates.sizes(graph, sizes));
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        return GraphStates.runOnce(this, inputs);
    }

    @Override
    public void close() {
        ops.close();
    }
}
