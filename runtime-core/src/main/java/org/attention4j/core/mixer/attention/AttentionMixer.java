package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeTable;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Softmax attention as a layer: projections, optional norms and rotation of queries and keys, attention, output projection.
 * Parameters: {@code q_proj, k_proj, v_proj, g_proj, o_proj} ({@code weight [out, in]}, {@code bias}), {@code q_norm.weight},
 * {@code k_norm.weight}, {@code sinks [numHeads]}.
 */
public final class AttentionMixer implements SequenceMixer {
    private final AttentionConfig config;
    private final AttentionSpec spec;

    /** A mixer of this configuration. */
    public AttentionMixer(AttentionConfig config) {
        this.config = config;
        this.spec = config.spec();
    }

    /** The configuration. */
    public AttentionConfig config() {
        return config;
    }

    @Override
    public String name() {
        return spec.kind();
    }

    @Override
    public String describe() {
        String heads = "%d heads of %d, %d kv".formatted(spec.numHeads(), spec.headDim(), spec.numKvHeads());
        String window = spec.window() == 0 ? "" : ", window " + spec.window();
        String sinks = spec.sinkTokens() == 0 ? "" : ", " + spec.sinkTokens() + " sink tokens";
        String direction = spec.causal() ? "" : config.cross() ? ", cross" : ", bidirectional";
        String alibi = config.alibi().isPresent() ? ", ALiBi" : "";
        return heads + window + sinks + direction + alibi;
    }

    @Override
    public StateSpec state() {
        if (!spec.causal()) {
            return new StateSpec.None();
        }
        if (config.sharesLayer().isPresent()) {
            return new StateSpec.Shared(config.sharesLayer().getAsInt());
        }
        return new StateSpec.KvCache(spec.numKvHeads(), spec.headDim(), spec.valueDim(), DType.F32, config.retention());
    }

    /** Only the parallel form: with one new token it is the recurrent one. */
    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.PARALLEL);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int hidden = config.hiddenSize();
        int q = spec.numHeads() * spec.headDim();
        int k = spec.numKvHeads() * spec.headDim();
        int v = spec.numKvHeads() * spec.valueDim();
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.builder();
        projection(all, "q_proj", q, hidden, config.qkvBias());
        if (config.sharesLayer().isEmpty()) {
            projection(all, "k_proj", k, hidden, config.qkvBias());
            projection(all, "v_proj", v, hidden, config.qkvBias());
        }
        if (config.outputGate()) {
            projection(all, "g_proj", spec.numHeads() * spec.valueDim(), hidden, false);
        }
        projection(all, "o_proj", hidden, spec.numHeads() * spec.valueDim(), config.outBias());
        config.qkNorm().ifPresent(n -> {
            all.add(ParameterSpec.of("q_norm.weight", n.weightDims(spec.numHeads(), spec.headDim())));
            all.add(ParameterSpec.of("k_norm.weight", n.weightDims(spec.numKvHeads(), spec.headDim())));
        });
        if (config.sinkLogits()) {
            all.add(ParameterSpec.of("sinks", spec.numHeads()));
        }
        return all.build();
    }

    private static void projection(
            ImmutableList.Builder<ParameterSpec> all, String name, int out, int in, boolean bias) {
        all.add(ParameterSpec.of(name + ".weight", out, in));
        if (bias) {
            all.add(ParameterSpec.of(name + ".bias", out));
        }
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
        Value positions = c.positions(x.type().dim(1));
        Value unrotated = normed(c, "q_norm", heads(c, "q_proj", x, spec.numHeads(), spec.headDim()));
        Value query = rotate(c, unrotated, positions, state);
        if (spec.sinkTokens() > 0 && config.rope().isPresent()) {
            extras.put(AttentionInput.SINK_QUERY, rotate(c, unrotated, sinkPositions(c, positions), state));
        }
        config.alibi()
                .ifPresent(alibi -> extras.put(
                        AttentionInput.ALIBI_SLOPES,
                        c.once(ImmutableList.of(alibi, spec.numHeads()), () -> alibiSlopes(b, alibi))));
        if (config.sinkLogits()) {
            extras.put(AttentionInput.SINK_LOGITS, b.toF32(c.parameters().get("sinks")));
        }
        Mixed mixed = config.sharesLayer().isPresent()
                ? attendShared(c, query, positions, state, extras)
                : attendOwn(c, x, query, positions, state, extras);
        Value y = b.reshape(
                mixed.y(), x.type().dim(0), x.type().dim(1), Dim.of((long) spec.numHeads() * spec.valueDim()));
        if (config.outputGate()) {
            y = b.mul(y, b.unary(UnaryKind.SIGMOID, project(c, "g_proj", x)));
        }
        return new Mixed(project(c, "o_proj", y), mixed.state());
    }

    private Value alibiSlopes(GraphBuilder b, Alibi alibi) {
        ImmutableDoubleArray slopes = alibi.slopes(spec.numHeads());
        Tensor tensor = Tensor.zeros(DType.F32, Shape.of(spec.numHeads()));
        for (int h = 0; h < spec.numHeads(); h++) {
            tensor.setDouble(h, slopes.get(h));
        }
        return b.constant("alibi_slopes", tensor);
    }

    private Mixed attendOwn(
            MixContext c, Value x, Value query, Value positions, List<Value> state, Map<AttentionInput, Value> extras) {
        GraphBuilder b = c.builder();
        Value source = config.cross()
                ? c.memory().orElseThrow(() -> new IllegalArgumentException("cross-attention: there is no memory"))
                : x;
        Value key = normed(c, "k_norm", heads(c, "k_proj", source, spec.numKvHeads(), spec.headDim()));
        Value value = heads(c, "v_proj", source, spec.numKvHeads(), spec.valueDim());
        if (!config.cross()) {
            key = rotate(c, key, positions, state);
        }
        if (!spec.causal()) {
            return attendEverything(c, query, key, value, extras);
        }
        c.lengths().ifPresent(n -> extras.put(AttentionInput.LENGTHS, n));
        List<Value> in = inputs(extras, query, key, value, state.get(0), state.get(1), c.position());
        List<Value> out = b.call(new CachedAttention(spec, config.retention(), extras.keySet()), in);
        return new Mixed(out.get(0), out.subList(1, 3));
    }

    private Mixed attendEverything(
            MixContext c, Value query, Value key, Value value, Map<AttentionInput, Value> extras) {
        GraphBuilder b = c.builder();
        if (c.lengths().isPresent() && !config.cross()) {
            Value index = b.unsqueeze(b.iota(key.type().dim(1)), 0);
            Value real =
                    b.binary(BinaryKind.LESS, index, b.unsqueeze(c.lengths().get(), 1));
            Dim one = Dim.of(1);
            extras.put(
                    AttentionInput.MASK,
                    b.reshape(real, real.type().dim(0), one, one, real.type().dim(1)));
        }
        Value keys = b.transpose(key, 0, 2, 1, 3);
        Value values = b.transpose(value, 0, 2, 1, 3);
        List<Value> in = inputs(extras, query, keys, values);
        return new Mixed(b.call(new Attention(spec, extras.keySet()), in).getFirst(), ImmutableList.of());
    }

    /** Attends to another layer's cache, in which that layer has put the new tokens already. */
    private Mixed attendShared(
            MixContext c, Value query, Value positions, List<Value> state, Map<AttentionInput, Value> extras) {
        GraphBuilder b = c.builder();
        Value added = c.lengths().orElseGet(() -> b.sizeOf(query.type().dim(1)));
        Value slots = new KvRing(b, config.retention())
                .positions(state.getFirst().type().dim(2), b.add(c.position(), added));
        extras.put(AttentionInput.QUERY_POSITIONS, positions);
        extras.put(AttentionInput.KEY_POSITIONS, slots);
        List<Value> in = inputs(extras, query, state.get(0), state.get(1));
        return new Mixed(b.call(new Attention(spec, extras.keySet()), in).getFirst(), state);
    }

    private static List<Value> inputs(Map<AttentionInput, Value> extras, Value... leading) {
        return ImmutableList.<Value>builder()
                .add(leading)
                .addAll(extras.values())
                .build();
    }

    private static Value project(MixContext c, String name, Value x) {
        Parameters p = c.parameters();
        Value weight = p.get(name + ".weight");
        Optional<Value> bias = p.find(name + ".bias");
        return bias.isPresent()
                ? c.builder().apply(new Linear(true), x, weight, bias.get())
                : c.builder().apply(new Linear(false), x, weight);
    }

    private Value heads(MixContext c, String name, Value x, int numHeads, int dim) {
        Value y = clip(c, project(c, name, x));
        if (config.qkNorm().filter(n -> !n.perHead()).isPresent() && !name.equals("v_proj")) {
            y = norm(c, name.charAt(0) + "_norm", y);
        }
        return c.builder().reshape(y, x.type().dim(0), x.type().dim(1), Dim.of(numHeads), Dim.of(dim));
    }

    private Value clip(MixContext c, Value x) {
        if (config.clipQkv() == 0) {
            return x;
        }
        GraphBuilder b = c.builder();
        Value atMost = b.binary(BinaryKind.MIN, x, b.scalar(DType.F32, config.clipQkv()));
        return b.binary(BinaryKind.MAX, atMost, b.scalar(DType.F32, -config.clipQkv()));
    }

    private Value normed(MixContext c, String name, Value x) {
        return config.qkNorm().filter(QkNorm::perHead).isPresent() ? norm(c, name, x) : x;
    }

    private Value norm(MixContext c, String name, Value x) {
        return config.qkNorm()
                .orElseThrow()
                .write(c.builder(), x, c.parameters().get(name + ".weight"));
    }

    /**
     * Rotated by the layer's rule. A rule that goes by a sequence's length takes what the cache has room for: keys stay in it as
     * they were rotated, so all tokens must go by one length.
     */
    private Value rotate(MixContext c, Value x, Value positions, List<Value> state) {
        if (config.rope().isEmpty()) {
            return x;
        }
        GraphBuilder b = c.builder();
        RopeConfig rope = config.rope().get();
        boolean byRoom = rope.scaling() instanceof RopeScaling.ByLength
                && !state.isEmpty()
                && config.retention() instanceof Retention.All;
        RopeTable op = byRoom ? rope.table().withGivenLength() : rope.table();
        List<Value> table = c.once(
                ImmutableList.of(op, positions),
                () -> byRoom
                        ? b.call(
                                op,
                                ImmutableList.of(
                                        positions,
                                        b.sizeOf(state.getFirst().type().dim(2))))
                        : b.call(op, ImmutableList.of(positions)));
        return b.apply(rope.rope(), x, table.get(0), table.get(1));
    }

    /** Where the queries stand when they look at the sink tokens: see the package's text. */
    private Value sinkPositions(MixContext c, Value positions) {
        int last = spec.sinkTokens() + spec.window() - 1;
        return c.once(
                ImmutableList.of("sink positions", last, positions),
                () -> c.builder().binary(BinaryKind.MIN, positions, c.builder().scalar(DType.I64, (double) last)));
    }
}
