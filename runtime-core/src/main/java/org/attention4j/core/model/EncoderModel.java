package org.attention4j.core.model;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.pooling.Pool;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;

/**
 * A model that gives a vector for each token, of which all see each other, and one for the whole text. It remembers nothing.
 *
 * @param info name and sizes
 * @param weights its tensors
 * @param embed writes the embedding of tokens and their types: {@code F32[batch, seq, hidden]}
 * @param encoderLayers the layers; none has a state
 * @param tokenTypes how many types tokens may have
 * @param pooling how the vectors of tokens become one
 * @param pooler the name of the dense layer of {@link Pooling#POOLER}, if the model has one
 */
public record EncoderModel(
        ModelInfo info,
        Weights weights,
        Embed embed,
        List<DecoderLayer> encoderLayers,
        int tokenTypes,
        Pooling pooling,
        Optional<String> pooler)
        implements ModelDefinition {
    /** The graph input {@code I64[batch]}: how many of the given tokens belong to each sequence, the rest being padding. */
    public static final String LENGTHS = "lengths";

    /** The graph input {@code I64[batch, seq]}: the type of each token, such as 1 in the second of two sentences. */
    public static final String TOKEN_TYPES = "token_types";

    /** The graph result {@code F32[batch, seq, hidden]}; what stands at padding means nothing. */
    public static final String HIDDEN = "hidden";

    /** The graph result {@code F32[batch, hidden]}. */
    public static final String POOLED = "pooled";

    /** The beginning of an encoder. */
    @FunctionalInterface
    public interface Embed {
        /**
         * Writes the embedding.
         *
         * @param tokens {@code I64[batch, seq]}
         * @param tokenTypes {@code I64[batch, seq]}
         */
        Value write(ModelBuilder m, Value tokens, Value tokenTypes);
    }

    public EncoderModel {
        encoderLayers = ImmutableList.copyOf(encoderLayers);
        for (DecoderLayer layer : encoderLayers) {
            if (!layer.state().slots(Storage.EXACT).isEmpty()) {
                throw new IllegalArgumentException(
                        "layer %s remembers %s, expected nothing in an encoder".formatted(layer.name(), layer.state()));
            }
        }
        if (pooling == Pooling.POOLER && pooler.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: the pooling is POOLER, but the model has no pooler".formatted(info.architecture()));
        }
    }

    /**
     * The same with another pooling.
     *
     * @throws IllegalArgumentException if it is {@link Pooling#POOLER} and the model has none
     */
    public EncoderModel withPooling(Pooling value) {
        return new EncoderModel(info, weights, embed, encoderLayers, tokenTypes, value, pooler);
    }

    @Override
    public Kind kind() {
        return Kind.ENCODER;
    }

    @Override
    public List<LayerInfo> layers() {
        return encoderLayers.stream().map(DecoderLayer::info).toList();
    }

    @Override
    public Graph graph(GraphOptions options) {
        GraphBuilder b = new GraphBuilder(info.name().isEmpty() ? info.architecture() : info.name());
        Value tokens = b.input(TOKENS, TensorType.of(DType.I64, options.batch(), Dims.SEQ));
        Value types = b.input(TOKEN_TYPES, TensorType.of(DType.I64, options.batch(), Dims.SEQ));
        Value lengths = b.input(LENGTHS, TensorType.of(DType.I64, options.batch()));
        Value position = b.broadcast(b.scalar(DType.I64, 0), ImmutableList.of(options.batch()));
        MixContext context =
                MixContext.of(b, new WeightParameters(b, weights), position).withLengths(lengths);
        ModelBuilder m = new ModelBuilder(context);

        Value x = embed.write(m, tokens, types);
        for (DecoderLayer layer : encoderLayers) {
            LayerBuilder inside = new LayerBuilder(
                    context.withParameters(context.parameters().scope(layer.name())),
                    layer,
                    options.storage(),
                    ImmutableList.of());
            Value given = x;
            x = b.scoped(layer.name(), () -> layer.block().write(inside, given));
        }
        requireHidden(x, options);
        b.result(HIDDEN, x);
        b.result(POOLED, pool(m, x, lengths));
        return b.build();
    }

    private Value pool(ModelBuilder m, Value hidden, Value lengths) {
        return pooling == Pooling.POOLER
                ? m.apply(
                        new Pool(pooling),
                        hidden,
                        lengths,
                        m.weight(pooler.orElseThrow() + ".weight"),
                        m.weight(pooler.orElseThrow() + ".bias"))
                : m.apply(new Pool(pooling), hidden, lengths);
    }

    private void requireHidden(Value hidden, GraphOptions options) {
        TensorType expected = TensorType.of(DType.F32, options.batch(), Dims.SEQ, Dim.of(info.hiddenSize()));
        if (!hidden.type().equals(expected)) {
            throw new IllegalArgumentException("%s: the hidden states are %s, expected %s"
                    .formatted(info.architecture(), hidden.type(), expected));
        }
    }
}
