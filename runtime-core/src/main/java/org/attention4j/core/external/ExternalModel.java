package org.attention4j.core.external;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * The definition of an external decoder. Sessions see a growing state as a cache {@code [1, outer, context, inner]}: what is before
 * and after the dimension of the tokens is taken together.
 */
public final class ExternalModel implements ModelDefinition {
    private final ModelInfo info;
    private final ExternalDecoder decoder;
    private final ImmutableList<Slot> slots;
    private final ImmutableList<LayerInfo> layers;
    private final Supplier<Graph> imported;

    /**
     * A model of these sizes.
     *
     * @param imported reads the file as a graph with the decoder's inputs and outputs, for backends that don't run the file itself
     */
    public ExternalModel(ModelInfo info, ExternalDecoder decoder, Supplier<Graph> imported) {
        this.info = info;
        this.decoder = decoder;
        this.imported = imported;
        this.slots = IntStream.range(0, decoder.states().size())
                .mapToObj(i -> slot(decoder.states().get(i)))
                .collect(ImmutableList.toImmutableList());
        int count = 1
                + decoder.states().stream().mapToInt(ExternalState::layer).max().orElse(-1);
        this.layers = IntStream.range(0, count)
                .mapToObj(layer -> new LayerInfo("layers." + layer, "external", "", state(layer)))
                .collect(ImmutableList.toImmutableList());
    }

    private static Slot slot(ExternalState state) {
        OptionalInt growing = state.growing();
        if (growing.isEmpty()) {
            return Slot.recurrent(state.input(), state.type());
        }
        int axis = growing.getAsInt();
        List<Dim> dims = state.type().dims();
        TensorType cache = TensorType.of(
                state.type().dtype(),
                Dim.of(1),
                product(dims.subList(0, axis)),
                Dims.CONTEXT,
                product(dims.subList(axis + 1, dims.size())));
        return new Slot(state.input(), cache, Optional.of(new Retention.All()));
    }

    private static Dim product(List<Dim> dims) {
        return dims.stream().reduce(Dim.of(1), Dim::times);
    }

    private StateSpec state(int layer) {
        List<Slot> own = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            if (decoder.states().get(i).layer() == layer) {
                own.add(slots.get(i));
            }
        }
        return own.isEmpty() ? new StateSpec.None() : new StateSpec.Listed(own);
    }

    /** What the engine runs. */
    public ExternalDecoder decoder() {
        return decoder;
    }

    /**
     * The file as a graph, read anew. Its inputs and results have the decoder's names; states are inputs and results like all others.
     *
     * @throws IllegalArgumentException if it can't be expressed, saying what and why
     */
    public Graph imported() {
        return imported.get();
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public List<LayerInfo> layers() {
        return layers;
    }

    /** One op. */
    @Override
    public Graph graph(GraphOptions options) {
        GraphBuilder b = new GraphBuilder(info.name().isEmpty() ? info.architecture() : info.name());
        List<Value> in = new ArrayList<>();
        in.add(b.input(TOKENS, TensorType.of(DType.I64, options.batch(), Dims.SEQ)));
        in.add(b.input(POSITION, TensorType.of(DType.I64, options.batch())));
        in.add(b.input(ROWS, TensorType.of(DType.I64, Dims.ROWS)));
        for (int i = 0; i < slots.size(); i++) {
            in.add(b.input(stateName(i), slots.get(i).type()));
        }
        List<TensorType> types = slots.stream().map(Slot::type).toList();
        List<Value> out = b.call(new ExternalDecoderOp(decoder, types), in);
        b.result(LOGITS, out.getFirst());
        for (int i = 0; i < slots.size(); i++) {
            b.nextState(in.get(3 + i), stateName(i) + ".next", out.get(1 + i));
        }
        return b.build();
    }

    private String stateName(int i) {
        return ModelDefinition.stateName(decoder.states().get(i).layer(), slots.get(i));
    }
}
