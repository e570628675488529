package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
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
        SequenceMixer.Mixed mixed = OneMixer.mix(b, mixer, new GoldenParameters(b, golden), x);
        b.result("out", mixed.y());
        if (golden.outputs().containsKey("final_state")) {
            b.result("final_state", mixed.state().getFirst());
        }
        return b.build();
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
