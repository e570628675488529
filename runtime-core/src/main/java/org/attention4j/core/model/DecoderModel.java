package org.attention4j.core.model;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * A model that embeds tokens, passes them through layers and gives logits for the next token.
 *
 * @param info name and sizes
 * @param weights its tensors
 * @param embed writes the embedding of {@code tokens I64[batch, seq]}: {@code F32[batch, seq, hidden]}
 * @param decoderLayers the layers
 * @param head writes the final norm and the logits of {@code F32[batch, rows, hidden]}: {@code F32[batch, rows, vocab]}
 */
public record DecoderModel(
        ModelInfo info,
        Weights weights,
        BiFunction<ModelBuilder, Value, Value> embed,
        List<DecoderLayer> decoderLayers,
        BiFunction<ModelBuilder, Value, Value> head)
        implements ModelDefinition {
    public DecoderModel {
        decoderLayers = ImmutableList.copyOf(decoderLayers);
    }

    @Override
    public List<LayerInfo> layers() {
        return decoderLayers.stream().map(DecoderLayer::info).toList();
    }

    @Override
    public Graph graph(GraphOptions options) {
        GraphBuilder b = new GraphBuilder(info.name().isEmpty() ? info.architecture() : info.name());
        Value tokens = b.input(TOKENS, TensorType.of(DType.I64, options.batch(), Dims.SEQ));
        Value position = b.input(POSITION, TensorType.of(DType.I64, options.batch()));
        Value rows = b.input(ROWS, TensorType.of(DType.I64, Dims.ROWS));
        MixContext context = MixContext.of(b, new WeightParameters(b, weights), position);
        if (options.givenPositions()) {
            context.setPositions(Dims.SEQ, b.input(POSITIONS, TensorType.of(DType.I64, options.batch(), Dims.SEQ)));
        }
        ModelBuilder m = new ModelBuilder(context);

        Value x = embed.apply(m, tokens);
        Map<Integer, List<Value>> updated = new HashMap<>();
        for (int i = 0; i < decoderLayers.size(); i++) {
            x = layer(context, options, i, x, updated);
        }
        Value logits = head.apply(m, b.gather(x, rows, 1));
        requireLogits(logits, options);
        b.result(LOGITS, logits);
        if (!options.candidates().isEmpty()) {
            candidates(b, logits, options.candidates());
        }
        return b.build();
    }

    private void candidates(GraphBuilder b, Value logits, List<Integer> counts) {
        Value limit = b.input(CANDIDATE_LIMIT, TensorType.of(DType.I64, Dim.of(1)));
        Value isKnown = b.binary(BinaryKind.LESS, b.iota(Dim.of(info.vocabSize())), limit);
        Value known = b.where(isKnown, logits, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
        for (int count : counts) {
            List<Value> top = b.topK(known, Math.min(count, info.vocabSize()), -1);
            b.result(ModelDefinition.candidateLogits(count), top.get(0));
            b.result(ModelDefinition.candidateIds(count), top.get(1));
        }
    }

    private Value layer(MixContext context, GraphOptions options, int i, Value x, Map<Integer, List<Value>> updated) {
        GraphBuilder b = context.builder();
        DecoderLayer layer = decoderLayers.get(i);
        StateSpec spec = layer.state();
        List<Slot> slots = spec.slots(options.storage());
        List<Value> state = new ArrayList<>();
        for (Slot slot : slots) {
            state.add(b.input(ModelDefinition.stateName(i, slot), slot.type().replace(Dims.BATCH, options.batch())));
        }
        List<Value> given = spec instanceof StateSpec.Shared(int owner) ? sharedState(i, owner, updated) : state;
        LayerBuilder m = new LayerBuilder(
                context.withParameters(context.parameters().scope(layer.name())), layer, options.storage(), given);
        Value y = b.scoped(layer.name(), () -> layer.block().write(m, x));
        List<Value> next = m.nextState();
        updated.put(i, next);
        for (int s = 0; s < slots.size(); s++) {
            b.nextState(state.get(s), state.get(s).id() + ".next", next.get(s));
        }
        return y;
    }

    private static List<Value> sharedState(int layer, int owner, Map<Integer, List<Value>> updated) {
        List<Value> state = updated.get(owner);
        if (state == null) {
            throw new IllegalArgumentException(
                    "layer %d shares the state of layer %d, which does not come before it".formatted(layer, owner));
        }
        return state;
    }

    private void requireLogits(Value logits, GraphOptions options) {
        TensorType expected = TensorType.of(DType.F32, options.batch(), Dims.ROWS, Dim.of(info.vocabSize()));
        if (!logits.type().equals(expected)) {
            throw new IllegalArgumentException(
                    "%s: the logits are %s, expected %s".formatted(info.architecture(), logits.type(), expected));
        }
    }
}
