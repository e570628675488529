package org.attention4j.core.moe;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphTap;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * How many tokens went through each expert of one mixture. Even loads keep the products with experts' weights large; experts
 * without load may be left away.
 *
 * @param label where the mixture stands in the model, such as {@code model.layers.3/moe}
 * @param counts one for each expert; together as many as there were tokens, times the experts that each of them has
 */
public record ExpertLoad(String label, ImmutableLongArray counts) {
    /**
     * The loads of all mixtures of a model, first to last, when {@code tokens} go through it, from the beginning of a sequence.
     * The model is compiled for this: its results are not only logits, but the choices too. Without mixtures there are none.
     *
     * @throws org.attention4j.core.backend.BackendException if the backend can't run it
     */
    public static List<ExpertLoad> of(ModelDefinition definition, Backend backend, int... tokens) {
        Graph graph = GraphTap.ops(
                definition.graph(GraphOptions.single(backend.storage())),
                op -> op instanceof Composite c && c.op() instanceof Moe);
        List<Composite> mixtures = mixtures(graph);
        long[][] counts = mixtures.stream()
                .map(c -> new long[Math.toIntExact(c.input("router").type().fixedDim(0))])
                .toArray(long[][]::new);
        int chunk = backend.storage().prefillChunk();
        try (CompiledGraph compiled = backend.compile(graph, CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(ImmutableMap.of("context", (long) tokens.length))) {
            for (int start = 0; start < tokens.length; start += chunk) {
                int[] piece = Arrays.copyOfRange(tokens, start, Math.min(start + chunk, tokens.length));
                Map<String, Tensor> results = execution.run(inputs(piece, start));
                for (int i = 0; i < counts.length; i++) {
                    String ids =
                            GraphTap.PREFIX + mixtures.get(i).outputs().get(1).id();
                    for (long expert : requireNonNull(results.get(ids)).toLongArray()) {
                        counts[i][(int) expert]++;
                    }
                }
            }
        }
        ImmutableList.Builder<ExpertLoad> loads = ImmutableList.builder();
        for (int i = 0; i < counts.length; i++) {
            loads.add(new ExpertLoad(mixtures.get(i).label(), ImmutableLongArray.copyOf(counts[i])));
        }
        return loads.build();
    }

    private static List<Composite> mixtures(Graph graph) {
        return graph.ops().stream()
                .filter(Composite.class::isInstance)
                .map(Composite.class::cast)
                .filter(c -> c.op() instanceof Moe)
                .toList();
    }

    private static Map<String, Tensor> inputs(int[] tokens, int position) {
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();

        return ImmutableMap.of(
                ModelDefinition.TOKENS, Tensor.i64(Shape.of(1, ids.length), ids),
                ModelDefinition.POSITION, Tensor.i64(Shape.of(1), position),
                ModelDefinition.ROWS, Tensor.i64(Shape.of(1), ids.length - 1L));
    }

    /** How many times the load of the busiest expert is what each would have if all had the same; 1 at best, 0 without tokens. */
    public double imbalance() {
        long sum = counts.stream().sum();
        long most = counts.stream().max().orElse(0);
        return sum == 0 ? 0 : (double) most * counts.length() / sum;
    }
}
