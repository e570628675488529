package org.attention4j.core.mixer.mla;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Multi-head latent attention as a layer. Parameters, as Hugging Face's DeepSeek models name them: {@code q_proj}, or
 * {@code q_a_proj q_a_layernorm q_b_proj}; {@code kv_a_proj_with_mqa}, {@code kv_a_layernorm};
 * {@code kv_b_proj.weight [numHeads·(nopeDim + valueDim), kvLoraRank]}, each head's key rows before its value rows, or, as in
 * GGUF files, {@code k_b_proj.weight [numHeads, kvLoraRank, nopeDim]} and
 * {@code v_b_proj.weight [numHeads, valueDim, kvLoraRank]}; {@code o_proj}.
 */
public final class MlaMixer implements SequenceMixer {
    private final MlaConfig config;
    private final AttentionSpec spec;

    /** A mixer of this configuration. */
    public MlaMixer(MlaConfig config) {
        this.config = config;
        this.spec = config.spec();
    }

    /** The configuration. */
    public MlaConfig config() {
        return config;
    }

    @Override
    public String name() {
        return "mla";
    }

    @Override
    public String describe() {
        return "%d heads of %d+%d, values of %d, latent %d"
                .formatted(spec.numHeads(), config.nopeDim(), config.ropeDim(), spec.valueDim(), config.kvLoraRank());
    }

    @Override
    public StateSpec state() {
        return new StateSpec.LatentCache(config.kvLoraRank(), config.ropeDim(), DType.F32, new Retention.All());
    }

    /** Parallel: as a backend likes it, by default expanded. Recurrent: absorbed, which is right for any number of tokens. */
    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.PARALLEL, Form.RECURRENT);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int hidden = config.hiddenSize();
        long heads = spec.numHeads();
        int rank = config.kvLoraRank();
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.builder();
        if (config.qLoraRank().isPresent()) {
            int qRank = config.qLoraRank().getAsInt();
            projection(all, "q_a_proj", qRank, hidden, config.bias());
            all.add(ParameterSpec.of("q_a_layernorm.weight", qRank));
            projection(all, "q_b_proj", heads * spec.headDim(), qRank, false);
        } else {
            projection(all, "q_proj", heads * spec.headDim(), hidden, false);
        }
        projection(all, "kv_a_proj_with_mqa", rank + config.ropeDim(), hidden, config.bias());
        all.add(ParameterSpec.of("kv_a_layernorm.weight", rank));
        if (config.separateUp()) {
            all.add(ParameterSpec.of("k_b_proj.weight", heads, rank, config.nopeDim()));
            all.add(ParameterSpec.of("v_b_proj.weight", heads, spec.valueDim(), rank));
        } else {
            projection(all, "kv_b_proj", heads * (config.nopeDim() + spec.valueDim()), rank, false);
        }
        projection(all, "o_proj", hidden, heads * spec.valueDim(), config.bias());
        return all.build();
    }

    private static void projection(
            ImmutableList.Builder<ParameterSpec> all, String name, long out, long in, boolean bias) {
        all.add(ParameterSpec.of(name + ".weight", out, in));
        if (bias) {
            all.add(ParameterSpec.of(name + ".bias", out));
        }
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Dim batch = x.type().dim(0);
        Dim seq = x.type().dim(1);
        List<Value> up = up(c);
        List<Value> in = new ArrayList<>(
                List.of(query(c, x), latent(c, x), state.getFirst(), c.position(), up.get(0), up.get(1)));
        c.lengths().ifPresent(in::add);
        LatentAttention op = new LatentAttention(
                spec, config.kvLoraRank(), config.ropeDim(), c.lengths().isPresent());
        List<Value> out = form == Form.RECURRENT ? op.absorb(b, in) : b.call(op, in);
        Value y = b.reshape(out.get(0), batch, seq, Dim.of((long) spec.numHeads() * spec.valueDim()));
        return new Mixed(project(c, "o_proj", y), out.subList(1, 2));
    }

    /** {@code [batch, seq, numHeads, nopeDim + ropeDim]}, rotated. */
    private Value query(MixContext c, Value x) {
        Value q = config.qLoraRank().isPresent()
                ? project(c, "q_b_proj", norm(c, "q_a_layernorm", project(c, "q_a_proj", x)))
                : project(c, "q_proj", x);
        GraphBuilder b = c.builder();
        Value heads = b.reshape(q, x.type().dim(0), x.type().dim(1), Dim.of(spec.numHeads()), Dim.of(spec.headDim()));
        return rotateEnd(
                c, b.slice(heads, 3, 0, config.nopeDim()), b.slice(heads, 3, config.nopeDim(), PrimitiveOp.TO_END));
    }

    /** {@code [batch, seq, 1, rank + ropeDim]}: what the cache keeps of the new tokens. */
    private Value latent(MixContext c, Value x) {
        GraphBuilder b = c.builder();
        int rank = config.kvLoraRank();
        Value compressed = project(c, "kv_a_proj_with_mqa", x);
        Value normed = norm(c, "kv_a_layernorm", b.slice(compressed, 2, 0, rank));
        Value key = b.slice(compressed, 2, rank, PrimitiveOp.TO_END);
        return rotateEnd(c, b.unsqueeze(normed, 2), b.unsqueeze(key, 2));
    }

    /** {@code key_up [numHeads, nopeDim, rank]} and {@code value_up [numHeads, valueDim, rank]}. */
    private List<Value> up(MixContext c) {
        GraphBuilder b = c.builder();
        Parameters p = c.parameters();
        if (config.separateUp()) {
            Value keys = b.transpose(b.toF32(p.get("k_b_proj.weight")), 0, 2, 1);
            return ImmutableList.of(keys, b.toF32(p.get("v_b_proj.weight")));
        }
        int nope = config.nopeDim();
        Value both = b.reshape(
                b.toF32(p.get("kv_b_proj.weight")),
                Dim.of(spec.numHeads()),
                Dim.of((long) nope + spec.valueDim()),
                Dim.of(config.kvLoraRank()));
        return ImmutableList.of(b.slice(both, 1, 0, nope), b.slice(both, 1, nope, PrimitiveOp.TO_END));
    }

    private Value rotateEnd(MixContext c, Value unrotated, Value end) {
        RopeConfig rope = config.rope();
        Value positions = c.positions(end.type().dim(1));
        List<Value> table = c.once(
                ImmutableList.of(rope.table(), positions),
                () -> c.builder().call(rope.table(), ImmutableList.of(positions)));
        Value rotated = c.builder().apply(rope.rope(), end, table.get(0), table.get(1));
        return c.builder().concat(3, unrotated, rotated);
    }

    private Value norm(MixContext c, String name, Value x) {
        return c.builder()
                .apply(new RmsNorm(config.normEps(), 0), x, c.parameters().get(name + ".weight"));
    }

    private static Value project(MixContext c, String name, Value x) {
        Parameters p = c.parameters();
        Value weight = p.get(name + ".weight");
        Optional<Value> bias = p.find(name + ".bias");
        return bias.isPresent()
                ? c.builder().apply(new Linear(true), x, weight, bias.get())
                : c.builder().apply(new Linear(false), x, weight);
    }
}
