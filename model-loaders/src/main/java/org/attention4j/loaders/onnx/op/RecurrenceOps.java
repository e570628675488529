package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** {@code LinearAttention} and {@code CausalConvWithState}, ONNX's from version 27 on and ONNX Runtime's before. */
@AutoService(OnnxOperators.class)
public final class RecurrenceOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        for (String domain : List.of(OperatorTable.ONNX, OperatorTable.MICROSOFT)) {
            table.add(domain, "LinearAttention", RecurrenceOps::linearAttention);
            table.add(domain, "CausalConvWithState", RecurrenceOps::causalConv);
        }
    }

    /** What an update rule does: whether the state fades, and whether what it says of a key is replaced. */
    private record Rule(boolean gated, boolean delta) {
        static Rule of(OnnxNode n) {
            String name = n.attribute("update_rule", "gated_delta");
            return switch (name) {
                case "linear" -> new Rule(false, false);
                case "gated" -> new Rule(true, false);
                case "delta" -> new Rule(false, true);
                case "gated_delta" -> new Rule(true, true);
                default -> throw n.broken("update_rule is %s, expected linear, gated, delta or gated_delta", name);
            };
        }
    }

    private static List<Imported> linearAttention(OnnxNode n) {
        GraphBuilder b = n.builder();
        Rule rule = Rule.of(n);
        long numHeads = n.attribute("q_num_heads", 0L);
        long numKvHeads = n.attribute("kv_num_heads", 0L);
        if (numHeads < 1 || numKvHeads < 1 || numHeads % numKvHeads != 0) {
            throw n.unsupported("%d heads of queries, %d of keys, expected a multiple", numHeads, numKvHeads);
        }
        Value query = Heads.split(n, Elements.f32(n, n.input(0)), numHeads);
        Value key = Heads.split(n, Elements.f32(n, n.input(1)), numKvHeads);
        Value value = Heads.split(n, Elements.f32(n, n.input(2)), numKvHeads);
        Value state = state(n, key, value);
        List<Value> in = new ArrayList<>();
        Optional<Value> decay = rule.gated ? Optional.of(decay(n, 4, key)) : Optional.empty();
        Value written = key;
        List<Value> replaced = List.of();
        if (rule.delta) {
            Value beta = b.unsqueeze(spread(n, Elements.f32(n, n.input(5)), key), -1);
            written = b.mul(key, beta);
            Value removed = b.unary(UnaryKind.NEG, written);
            // The state has faded before it is asked: a = −β e^g ⊙ k.
            replaced = List.of(decay.map(g -> b.mul(removed, factor(b, g))).orElse(removed), key);
        }
        long groups = numHeads / numKvHeads;
        in.add(repeated(b, state, 1, groups));
        in.add(query);
        in.add(repeated(b, written, 2, groups));
        in.add(repeated(b, value, 2, groups));
        decay.ifPresent(g -> in.add(repeated(b, g, 2, groups)));
        replaced.forEach(v -> in.add(repeated(b, v, 2, groups)));
        double scale = n.attribute("scale", 0.0);
        double used = scale == 0 ? 1 / Math.sqrt((double) key.type().fixedDim(3)) : scale;
        Decay kind =
                decay.map(g -> g.type().rank() == 3 ? Decay.HEAD : Decay.KEY).orElse(Decay.NONE);
        List<Value> out = b.call(LinearRecurrence.of(kind, rule.delta, false, used), in);
        Value last = out.get(1);
        if (groups > 1) {
            // Heads of one group have the same state.
            TensorType t = last.type();
            last = b.reshape(
                    b.slice(b.reshape(last, t.dim(0), Dim.of(numKvHeads), Dim.of(groups), t.dim(2), t.dim(3)), 2, 0, 1),
                    t.dim(0),
                    Dim.of(numKvHeads),
                    t.dim(2),
                    t.dim(3));
        }
        TensorType stateType = n.has(3) ? n.type(3) : n.type(0);
        return OnnxNode.computed(
                List.of(Elements.like(n, Heads.join(n, out.get(0)), n.type(0)), Elements.like(n, last, stateType)));
    }

    private static Value state(OnnxNode n, Value key, Value value) {
        GraphBuilder b = n.builder();
        if (n.has(3)) {
            n.equal(n.type(3).dim(0), key.type().dim(0));
            return Elements.f32(n, n.input(3));
        }
        return b.broadcast(
                b.scalar(DType.F32, 0),
                List.of(
                        key.type().dim(0),
                        key.type().dim(2),
                        key.type().dim(3),
                        value.type().dim(3)));
    }

    /** {@code [batch, seq, heads]}, or {@code [batch, seq, heads, keyDim]}. */
    private static Value decay(OnnxNode n, int input, Value key) {
        Value decay = Elements.f32(n, n.input(input));
        boolean perHead = decay.type().dim(2).equals(key.type().dim(2));
        return perHead ? decay : n.builder().reshape(decay, key.type().dims());
    }

    private static Value factor(GraphBuilder b, Value logDecay) {
        Value factor = b.unary(UnaryKind.EXP, logDecay);
        return factor.type().rank() == 3 ? b.unsqueeze(factor, -1) : factor;
    }

    /** One number for each head, where there may be one for all. */
    private static Value spread(OnnxNode n, Value beta, Value key) {
        return n.builder().broadcast(beta, key.type().dims().subList(0, 3));
    }

    /** Each entry of an axis {@code groups} times, one after the other. */
    static Value repeated(GraphBuilder b, Value x, int axis, long groups) {
        if (groups == 1) {
            return x;
        }
        List<Dim> wide = new ArrayList<>(x.type().dims());
        wide.add(axis + 1, Dim.of(groups));
        List<Dim> merged = new ArrayList<>(x.type().dims());
        merged.set(axis, merged.get(axis).times(Dim.of(groups)));
        return b.reshape(b.broadcast(b.unsqueeze(x, axis + 1), wide), merged);
    }

    /** Channels come before tokens in ONNX, after them here. */
    private static List<Imported> causalConv(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = b.transpose(Elements.f32(n, n.input(0)), 0, 2, 1);
        Dim channels = x.type().dim(2);
        int kernel = n.fixed(n.type(1).dim(-1), "the kernel");
        n.equal(n.type(1).dim(0), channels);
        Value weight = b.reshape(n.input(1), channels, Dim.of(kernel));
        Value state = n.has(3)
                ? b.transpose(Elements.f32(n, n.input(3)), 0, 2, 1)
                : b.broadcast(b.scalar(DType.F32, 0), List.of(x.type().dim(0), Dim.of(kernel - 1L), channels));
        List<Value> in = new ArrayList<>(List.of(state, x, weight));
        n.find(2).ifPresent(in::add);
        List<Value> out = b.call(new CausalConv(n.has(2), false), in);
        String activation = n.attribute("activation", "none");
        Value y = switch (activation) {
            case "none", "" -> out.get(0);
            case "silu", "swish" -> ActivationOps.activate(n, Activation.SILU, out.get(0));
            default -> throw n.broken("activation is %s, expected none, silu or swish", activation);
        };
        TensorType stateType = n.has(3) ? n.type(3) : n.type(0);
        return OnnxNode.computed(List.of(
                Elements.like(n, b.transpose(y, 0, 2, 1), n.type(0)),
                Elements.like(n, b.transpose(out.get(1), 0, 2, 1), stateType)));
    }
}
