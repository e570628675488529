package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer.Mixed;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Config;

/** Multi-head latent attention: whole layers, from an empty cache with room for the tokens given. */
@AutoService(OpCase.class)
public final class MlaCases implements OpCase {
    private static final String DOWN = "kv_a_proj_with_mqa.weight";

    @Override
    public Set<String> ops() {
        return Set.of("mla_v2", "mla_v3");
    }

    @Override
    public Graph build(GoldenCase golden) {
        GraphBuilder b = new GraphBuilder(golden.op());
        Map<String, Value> inputs = new HashMap<>();
        golden.inputs().forEach((name, type) -> inputs.put(name, b.input(name, type)));
        Parameters parameters = new Parameters() {
            @Override
            public Optional<Value> find(String name) {
                return Optional.ofNullable(inputs.get(name));
            }

            @Override
            public Value get(String name) {
                return find(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no input %s; there are %s".formatted(name, inputs.keySet())));
            }
        };
        Value x = parameters.get("hidden_states");
        MlaMixer mixer = new MlaMixer(config(golden));
        Dim batch = x.type().dim(0);
        List<Dim> slots =
                List.of(batch, Dim.of(1), x.type().dim(1), golden.input(DOWN).dim(0));
        // Computed zeros: ONNX Runtime would copy constant ones before it writes to them, and warn.
        Value zero = b.mul(b.slice(b.slice(x, 1, 0, 1), 2, 0, 1), 0);
        Value cache = b.broadcast(b.unsqueeze(zero, 3), slots);
        Value position = b.broadcast(b.scalar(DType.I64, 0), List.of(batch));
        MixContext context = MixContext.of(b, parameters, position);
        Mixed mixed = mixer.mix(context, mixer.forms().getFirst(), x, List.of(cache));
        b.result("out", mixed.y());
        return b.build();
    }

    private static MlaConfig config(GoldenCase golden) {
        Config attrs = golden.attrs();
        int rank = attrs.size("kv");
        int ropeDim = Math.toIntExact(golden.input(DOWN).fixedDim(0)) - rank;
        RopeConfig rope = new RopeConfig(10_000, ropeDim, RopeStyle.INTERLEAVED, new RopeScaling.Default());
        MlaConfig config = MlaConfig.of(
                        attrs.size("hid"),
                        attrs.size("H"),
                        attrs.size("nope"),
                        attrs.size("v"),
                        rank,
                        rope,
                        attrs.number("rms_eps"))
                .withScale(attrs.number("scale"));
        return attrs.has("q") ? config.withQLoraRank(attrs.size("q")) : config;
    }
}
