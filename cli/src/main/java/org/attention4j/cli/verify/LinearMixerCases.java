package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Config;

/** Whole layers of linear attention. */
@AutoService(OpCase.class)
public final class LinearMixerCases implements OpCase {
    /** MiniMax's configuration class has it; the cases don't state it. */
    private static final double EPS = 1e-5;

    @Override
    public Set<String> ops() {
        return Set.of("lightning_minimax_block", "linformer");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        boolean linformer = golden.op().equals("linformer");
        String name = linformer ? "x" : "hidden_states";
        Value x = b.input(name, golden.input(name));
        SequenceMixer mixer = linformer ? linformer(golden, x) : lightning(golden.attrs(), x);
        MixContext c = MixContext.of(
                b,
                new GoldenParameters(b, golden),
                b.broadcast(b.scalar(DType.I64, 0), List.of(x.type().dim(0))));
        List<Value> state = mixer.state().slots(Storage.EXACT).stream()
                .map(slot -> zeros(b, slot, x))
                .toList();
        SequenceMixer.Mixed mixed = mixer.mix(c, mixer.forms().getFirst(), x, state);
        b.result("out", mixed.y());
        if (golden.outputs().containsKey("final_state")) {
            b.result("final_state", mixed.state().getFirst());
        }
        return b.build();
    }

    private static Value zeros(GraphBuilder b, Slot slot, Value x) {
        TensorType type = slot.type().withDim(0, x.type().dim(0));
        return b.broadcast(b.scalar(DType.F32, 0), type.dims());
    }

    private static LightningMixer lightning(Config attrs, Value x) {
        return new LightningMixer(
                (int) x.type().fixedDim(2),
                attrs.size("num_heads"),
                attrs.size("head_dim"),
                EPS,
                attrs.integer("layer_idx"),
                attrs.size("num_layers"));
    }

    private static LinformerMixer linformer(GoldenCase golden, Value x) {
        int heads = golden.attrs().size("heads");
        int headDim = (int) golden.input("to_q.weight").fixedDim(0) / heads;
        return new LinformerMixer(
                (int) x.type().fixedDim(2),
                heads,
                golden.attrs().flag("one_kv_head") ? 1 : heads,
                headDim,
                golden.attrs().size("seq_len"),
                golden.attrs().size("k"));
    }
}
