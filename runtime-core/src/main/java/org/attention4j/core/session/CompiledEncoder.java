package org.attention4j.core.session;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** An encoder compiled by a backend, for any number of sequences at once. Thread-safe. */
public final class CompiledEncoder implements AutoCloseable {
    private final EncoderModel definition;
    private final CompiledGraph graph;

    private CompiledEncoder(EncoderModel definition, CompiledGraph graph) {
        this.definition = definition;
        this.graph = graph;
    }

    /** Compiles an encoder. The caller keeps the backend and closes it after the model. */
    public static CompiledEncoder compile(EncoderModel definition, Backend backend, CompileOptions options) {
        return new CompiledEncoder(definition, backend.compile(graph(definition, backend), options));
    }

    /** The plan that {@link #compile} would end in, without compiling. */
    public static Plan plan(EncoderModel definition, Backend backend, CompileOptions options) {
        return backend.plan(graph(definition, backend), options);
    }

    /** The same plan for one text of so many tokens, with what that asks of the device where the backend tells it. */
    public static Plan plan(EncoderModel definition, Backend backend, CompileOptions options, int tokens) {
        Map<String, Long> sizes = ImmutableMap.of("batch", 1L, "seq", (long) tokens);
        return backend.plan(graph(definition, backend), options, sizes);
    }

    private static Graph graph(EncoderModel definition, Backend backend) {
        return definition.graph(new GraphOptions(Dims.BATCH, backend.storage()));
    }

    /** The model. */
    public EncoderModel definition() {
        return definition;
    }

    /** What the backend made of it. */
    public Plan plan() {
        return graph.plan();
    }

    /**
     * What the model says of some sequences.
     *
     * @param hidden {@code F32[sequences, longest, hidden]}; what stands after the end of a shorter sequence means nothing
     * @param pooled {@code F32[sequences, hidden]}
     */
    public record Encoded(Tensor hidden, Tensor pooled) {}

    /**
     * Encodes sequences of tokens of type 0 side by side, shorter ones padded to the longest; padding changes nothing but the
     * time it takes.
     *
     * @param sequences one or more, of one or more tokens each
     * @throws IllegalArgumentException if there is none, one is empty or longer than the model takes, or an id is outside the
     *     vocabulary
     */
    public Encoded encode(int[]... sequences) {
        int[][] types = Arrays.stream(sequences).map(s -> new int[s.length]).toArray(int[][]::new);
        return encode(sequences, types);
    }

    /**
     * The same with the type of each token, such as 0 in the first of two sentences and 1 in the second.
     *
     * @throws IllegalArgumentException also if the types are of other lengths than the sequences, or the model lacks one
     */
    public Encoded encode(int[][] sequences, int[][] tokenTypes) {
        ImmutableMap<String, Tensor> results = graph.run(ImmutableMap.of(
                ModelDefinition.TOKENS,
                padded("token ids", sequences, definition.info().vocabSize()),
                EncoderModel.TOKEN_TYPES,
                padded("token types", tokenTypes, definition.tokenTypes()),
                EncoderModel.LENGTHS,
                lengths(sequences, tokenTypes)));
        return new Encoded(
                requireNonNull(results.get(EncoderModel.HIDDEN)), requireNonNull(results.get(EncoderModel.POOLED)));
    }

    private Tensor lengths(int[][] sequences, int[][] tokenTypes) {
        int most = definition.info().contextLength();
        Tensor lengths = Tensor.zeros(DType.I64, Shape.of(sequences.length));
        require(sequences.length > 0, "got no sequence, expected at least one");
        require(
                sequences.length == tokenTypes.length,
                "got %d sequences and types of %d",
                sequences.length,
                tokenTypes.length);
        for (int s = 0; s < sequences.length; s++) {
            int length = sequences[s].length;
            require(length >= 1 && length <= most, "got %d tokens, expected 1 to %d", length, most);
            require(length == tokenTypes[s].length, "got %d tokens and %d types", length, tokenTypes[s].length);
            lengths.setLong(s, length);
        }
        return lengths;
    }

    /** {@code I64[sequences, longest]}, 0 after the end of a shorter one. */
    private static Tensor padded(String what, int[][] sequences, int limit) {
        int longest = Arrays.stream(sequences).mapToInt(s -> s.length).max().orElse(0);
        Tensor padded = Tensor.zeros(DType.I64, Shape.of(sequences.length, longest));
        for (int s = 0; s < sequences.length; s++) {
            for (int i = 0; i < sequences[s].length; i++) {
                int id = sequences[s][i];
                require(id >= 0 && id < limit, "got %d among the %s, expected 0 to %d", id, what, limit - 1);
                padded.setLong((long) s * longest + i, id);
            }
        }
        return padded;
    }

    private static void require(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException("encode: " + message.formatted(args));
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
