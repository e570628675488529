package org.attention4j.cli.diff;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphTap;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A model on one backend with the results of all its composite ops laid open. */
final class TappedModel implements AutoCloseable {
    private final ModelDefinition.Kind kind;
    private final CompiledGraph compiled;
    private final Execution execution;
    private int position;

    TappedModel(ModelDefinition definition, Backend backend, int contextLength) {
        Graph graph = GraphTap.composites(definition.graph(GraphOptions.single(backend.storage())));
        this.kind = definition.kind();
        this.compiled = backend.compile(graph, CompileOptions.DEFAULT);
        this.execution = compiled.newExecution(ImmutableMap.of("context", (long) contextLength));
    }

    /** Gives tokens; returns the values by their ids in the order in which they are computed, the model's own results last. */
    Map<String, Tensor> run(int... tokens) {
        Map<String, Tensor> results = execution.run(inputs(tokens));
        position += tokens.length;
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (String name : compiled.graph().results().keySet()) {
            Tensor value = results.get(name);
            if (value != null && name.startsWith(GraphTap.PREFIX)) {
                ordered.put(name.substring(GraphTap.PREFIX.length()), value);
            }
        }
        for (String name : List.of(ModelDefinition.LOGITS, EncoderModel.HIDDEN, EncoderModel.POOLED)) {
            Tensor value = results.get(name);
            if (value != null) {
                ordered.put(name, value);
            }
        }
        return ordered;
    }

    private Map<String, Tensor> inputs(int... tokens) {
        int n = tokens.length;
        Tensor ids =
                Tensor.i64(Shape.of(1, n), Arrays.stream(tokens).asLongStream().toArray());
        return switch (kind) {
            case DECODER ->
                ImmutableMap.of(
                        ModelDefinition.TOKENS,
                        ids,
                        ModelDefinition.POSITION,
                        Tensor.i64(Shape.of(1), position),
                        ModelDefinition.ROWS,
                        Tensor.i64(Shape.of(n), LongStream.range(0, n).toArray()));
            case ENCODER ->
                ImmutableMap.of(
                        ModelDefinition.TOKENS,
                        ids,
                        EncoderModel.TOKEN_TYPES,
                        Tensor.zeros(DType.I64, ids.shape()),
                        EncoderModel.LENGTHS,
                        Tensor.i64(Shape.of(1), n));
        };
    }

    Plan plan() {
        return compiled.plan();
    }

    @Override
    public void close() {
        execution.close();
        compiled.close();
    }
}
