package org.attention4j.core.mixer.effective;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphTap;
import org.attention4j.core.ir.Value;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Values of a model's graph when tokens went through it from the beginning of a sequence, as if in one run: what there is for each
 * token is joined, a state is what it was before the first, and whatever is made of states what it was in the end.
 */
final class RecordedRun {
    private final Graph graph;
    private final Set<Value> wanted;
    private final Map<String, Long> sizes;
    private final Map<Value, List<Tensor>> parts = new HashMap<>();

    private RecordedRun(Graph graph, Set<Value> wanted, int tokens) {
        this.wanted = wanted;
        this.sizes = ImmutableMap.of("context", (long) tokens, "seq", (long) tokens, "batch", 1L);
        this.graph = GraphTap.ops(graph, op -> op.outputs().stream().anyMatch(wanted::contains));
    }

    /** Runs a model of one sequence. */
    static Map<Value, Tensor> of(
            ModelDefinition.Kind kind, Graph graph, Set<Value> wanted, Backend backend, int... tokens) {
        RecordedRun r = new RecordedRun(graph, wanted, tokens.length);
        int chunk = kind == ModelDefinition.Kind.ENCODER
                ? tokens.length
                : Math.min(tokens.length, backend.storage().prefillChunk());
        try (CompiledGraph compiled = backend.compile(r.graph, CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(ImmutableMap.of("context", (long) tokens.length))) {
            for (int start = 0; start < tokens.length; start += chunk) {
                int[] piece = Arrays.copyOfRange(tokens, start, Math.min(start + chunk, tokens.length));
                r.record(execution, inputs(kind, piece, start));
            }
        }
        Map<Value, Tensor> joined = new HashMap<>();
        wanted.forEach(v -> joined.put(v, r.joined(v)));
        return joined;
    }

    private void record(Execution execution, Map<String, Tensor> inputs) {
        Map<String, Tensor> results = execution.run(inputs);
        Set<String> states = new HashSet<>(graph.states().values());
        graph.results().forEach((name, v) -> {
            if (wanted.contains(v)) {
                Tensor t = states.contains(name)
                        ? execution.readState(inputOf(name))
                        : copy(requireNonNull(results.get(name)));
                parts.computeIfAbsent(v, k -> new ArrayList<>()).add(t);
            }
        });
        for (Value v : graph.inputs()) {
            if (wanted.contains(v)) {
                Tensor given = Optional.ofNullable(inputs.get(v.id()))
                        .orElseGet(() -> Tensor.zeros(v.type().dtype(), v.type().shape(sizes)));
                parts.computeIfAbsent(v, k -> new ArrayList<>()).add(given);
            }
        }
    }

    private String inputOf(String nextState) {
        return graph.states().entrySet().stream()
                .filter(e -> e.getValue().equals(nextState))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static Tensor copy(Tensor t) {
        Tensor own = Tensor.zeros(t.dtype(), t.shape());
        own.copyFrom(t);
        return own;
    }

    private Tensor joined(Value v) {
        List<Tensor> all = requireNonNull(parts.get(v), v.id());
        int axis = v.type().dims().indexOf(Dims.SEQ);
        if (axis < 0) {
            return graph.inputs().contains(v) ? all.getFirst() : all.getLast();
        }
        return all.size() == 1 ? all.getFirst() : concat(v, axis, all);
    }

    private static Tensor concat(Value v, int axis, List<Tensor> all) {
        if (v.type().dims().lastIndexOf(Dims.SEQ) != axis) {
            throw new IllegalArgumentException(
                    "%s has two axes of tokens: expected at most %d tokens, as the backend takes in one run"
                            .formatted(v, all.getFirst().shape().dim(axis)));
        }
        long[] dims = all.getFirst().shape().dims();
        dims[axis] = all.stream().mapToLong(t -> t.shape().dim(axis)).sum();
        long outer = LongStream.of(dims).limit(axis).reduce(1, (a, b) -> a * b);
        long inner = LongStream.of(dims).skip(axis + 1L).reduce(1, (a, b) -> a * b);
        Tensor joined = Tensor.zeros(all.getFirst().dtype(), Shape.of(dims));
        long to = 0;
        for (long o = 0; o < outer; o++) {
            for (Tensor t : all) {
                long size = t.shape().dim(axis) * inner;
                for (long i = 0; i < size; i++) {
                    move(t, o * size + i, joined, to++);
                }
            }
        }
        return joined;
    }

    private static void move(Tensor from, long i, Tensor to, long j) {
        if (from.dtype().isFloat() || from.dtype() == DType.BOOL) {
            to.setDouble(j, from.getDouble(i));
        } else {
            to.setLong(j, from.getLong(i));
        }
    }

    private static Map<String, Tensor> inputs(ModelDefinition.Kind kind, int[] tokens, int position) {
        int n = tokens.length;
        Tensor ids =
                Tensor.i64(Shape.of(1, n), Arrays.stream(tokens).asLongStream().toArray());
        return switch (kind) {
            case DECODER ->
                ImmutableMap.of(
                        ModelDefinition.TOKENS, ids,
                        ModelDefinition.POSITION, Tensor.i64(Shape.of(1), position),
                        ModelDefinition.ROWS, Tensor.i64(Shape.of(1), n - 1L));
            case ENCODER ->
                ImmutableMap.of(
                        ModelDefinition.TOKENS, ids,
                        EncoderModel.TOKEN_TYPES, Tensor.zeros(DType.I64, ids.shape()),
                        EncoderModel.LENGTHS, Tensor.i64(Shape.of(1), n));
        };
    }
}
