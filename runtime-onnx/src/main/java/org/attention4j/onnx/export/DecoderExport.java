package org.attention4j.onnx.export;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.attention4j.core.external.ExternalModel;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;

/**
 * A decoder's graph with the inputs and outputs that the package's text tells: {@code input_ids I64[batch, seq]}, where a layer
 * attends to tokens {@code attention_mask I64[batch, past + seq]}, where positions matter {@code position_ids I64[batch, seq]}, and
 * the states; {@code logits F32[batch, seq, vocabSize]} and the next states. Padding comes before a sequence's tokens.
 */
public final class DecoderExport {
    /** Token ids. */
    public static final String INPUT_IDS = "input_ids";

    /** 1 for tokens, 0 for padding, of those in the caches and the new ones. */
    public static final String ATTENTION_MASK = "attention_mask";

    /** The position of each new token in its sequence. */
    public static final String POSITION_IDS = "position_ids";

    /** What the model thinks of each new token's successor. */
    public static final String LOGITS = "logits";

    private final Graph model;
    private final GraphBuilder b;
    private final GrowingCaches caches;

    private DecoderExport(Graph model, long room) {
        this.model = model;
        this.b = new GraphBuilder(model.name());
        Value ids = b.input(INPUT_IDS, model.input(ModelDefinition.TOKENS).type());
        Value mask = b.input(ATTENTION_MASK, TensorType.of(DType.I64, Dims.BATCH, GrowingCaches.TOTAL));
        Value positions =
                b.input(POSITION_IDS, model.input(ModelDefinition.POSITIONS).type());
        Value visible = b.binary(PrimitiveOp.BinaryKind.LESS, b.scalar(DType.I64, 0), mask);
        Value broadcast = b.reshape(visible, Dims.BATCH, Dim.of(1), Dim.of(1), GrowingCaches.TOTAL);
        this.caches = new GrowingCaches(b, broadcast, room);
        caches.map(model.input(ModelDefinition.TOKENS), ids);
        caches.map(model.input(ModelDefinition.POSITIONS), positions);
        caches.map(
                model.input(ModelDefinition.POSITION),
                b.broadcast(b.reshape(b.sizeOf(GrowingCaches.PAST), Dim.of(1)), List.of(Dims.BATCH)));
    }

    /**
     * The graph, without states in the graph's own sense: they are inputs and outputs like all others.
     *
     * @param room the tokens by which rotations go that depend on a sequence's length
     * @throws IllegalArgumentException if it is no decoder whose ops are known, or a layer can't be written so
     */
    public static Graph graph(ModelDefinition definition, long room) {
        if (definition.kind() != ModelDefinition.Kind.DECODER || definition instanceof ExternalModel) {
            throw new IllegalArgumentException(
                    "model %s can't be exported: expected a decoder that is no ONNX file already"
                            .formatted(definition.info().architecture()));
        }
        Graph model = definition.graph(new GraphOptions(Dims.BATCH, Storage.EXACT).withGivenPositions());
        return new DecoderExport(model, room).write(definition);
    }

    private Graph write(ModelDefinition definition) {
        for (int i = 0; i < definition.layers().size(); i++) {
            for (Slot slot : slots(definition, i)) {
                TensorType type = slot.type();
                TensorType past = slot.tokens().isPresent() ? type.withDim(2, GrowingCaches.PAST) : type;
                caches.map(
                        model.input(ModelDefinition.stateName(i, slot)),
                        b.input(StateNames.of(i, slot).past(), past));
            }
        }
        for (Op op : model.ops()) {
            if (isRows(op)) {
                // Logits are wanted of all tokens.
                caches.map(op.outputs().getFirst(), caches.mapped(op.inputs().getFirst()));
            } else {
                caches.append(List.of(op));
            }
        }
        b.result(LOGITS, caches.mapped(result(ModelDefinition.LOGITS)));
        for (int i = 0; i < definition.layers().size(); i++) {
            for (Slot slot : slots(definition, i)) {
                String next = requireNonNull(model.states().get(ModelDefinition.stateName(i, slot)));
                b.result(StateNames.of(i, slot).present(), caches.mapped(result(next)));
            }
        }
        return LiveOps.of(b.build());
    }

    private static List<Slot> slots(ModelDefinition definition, int layer) {
        return definition.layers().get(layer).state().slots(Storage.EXACT);
    }

    private Value result(String name) {
        return requireNonNull(model.results().get(name));
    }

    private boolean isRows(Op op) {
        return op instanceof Primitive(PrimitiveOp.Gather gather, List<Value> in, List<Value> out)
                && in.get(1).id().equals(ModelDefinition.ROWS);
    }
}
