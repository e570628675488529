package org.attention4j.cli.diff;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphTap;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A model on one backend with the results of all its composite ops laid open. */
final class TappedModel implements AutoCloseable {
    private final CompiledGraph compiled;
    private final Execution execution;
    private int position;

    TappedModel(ModelDefinition definition, Backend backend, int contextLength) {
        Graph graph = GraphTap.composites(definition.graph(GraphOptions.single(backend.storage())));
        this.compiled = backend.compile(graph, CompileOptions.DEFAULT);
        this.execution = compiled.newExecution(ImmutableMap.of("context", (long) contextLength));
    }

    /** Gives tokens; returns the values by their ids in the order in which they are computed, the logits last. */
    Map<String, Tensor> run(int... tokens) {
        long[] ids =
                LongStream.range(0, tokens.length).map(i -> tokens[(int) i]).toArray();
        long[] rows = LongStream.range(0, tokens.length).toArray();
        Map<String, Tensor> results = execution.run(ImmutableMap.of(
                ModelDefinition.TOKENS, Tensor.i64(Shape.of(1, ids.length), ids),
                ModelDefinition.POSITION, Tensor.i64(Shape.of(1), position),
                ModelDefinition.ROWS, Tensor.i64(Shape.of(rows.length), rows)));
        position += tokens.length;
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (String name : compiled.graph().results().keySet()) {
            Tensor value = results.get(name);
            if (value != null && name.startsWith(GraphTap.PREFIX)) {
                ordered.put(name.substring(GraphTap.PREFIX.length()), value);
            }
        }
        Tensor logits = results.get(ModelDefinition.LOGITS);
        if (logits != null) {
            ordered.put(ModelDefinition.LOGITS, logits);
        }
        return ordered;
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
