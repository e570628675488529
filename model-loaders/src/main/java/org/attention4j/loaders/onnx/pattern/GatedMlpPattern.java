package org.attention4j.loaders.onnx.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.GatedMlp;
import org.attention4j.core.tensor.DType;

/** {@code down·(act(gate·x) ⊙ up·x)}, of which all layers have a bias or none has: SwiGLU, GEGLU. */
final class GatedMlpPattern implements GraphRewrite.Rule {
    private final Source source;

    GatedMlpPattern(Source source) {
        this.source = source;
    }

    /** The layers of one x. */
    private record Parts(Composite gate, Activate act, Composite up, Composite down) {}

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Composite down) || !(down.op() instanceof Linear)) {
            return Optional.empty();
        }
        Value hidden = source.uncast(down.inputs().getFirst());
        Optional<List<Value>> factors = source.binary(hidden, BinaryKind.MUL).filter(in -> source.usedOnce(hidden));
        return factors.flatMap(in -> parts(in.get(0), in.get(1), down).or(() -> parts(in.get(1), in.get(0), down)))
                .map(GatedMlpPattern::replacement);
    }

    private Optional<Parts> parts(Value gated, Value straight, Composite down) {
        Value activated = source.uncast(gated);
        Optional<Composite> act = source.composite(activated, Activate.class);
        Optional<Composite> up = linear(straight);
        if (act.isEmpty() || up.isEmpty() || !source.usedOnce(activated)) {
            return Optional.empty();
        }
        return linear(act.get().inputs().getFirst())
                .filter(gate -> fit(gate, up.get(), down))
                .map(gate -> new Parts(gate, (Activate) act.get().op(), up.get(), down));
    }

    /** The layer that made a value which nothing else reads. */
    private Optional<Composite> linear(Value v) {
        Value x = source.uncast(v);
        return source.composite(x, Linear.class).filter(c -> source.usedOnce(x));
    }

    private boolean fit(Composite gate, Composite up, Composite down) {
        Value x = gate.inputs().getFirst();
        return source.same(x, up.inputs().getFirst())
                && gate.op().equals(up.op())
                && gate.op().equals(down.op())
                && gate.inputs()
                        .get(1)
                        .type()
                        .dims()
                        .equals(up.inputs().get(1).type().dims())
                && x.type().dtype() == DType.F32
                && down.outputs().getFirst().type().equals(x.type());
    }

    private static GraphRewrite.Replacement replacement(Parts p) {
        boolean bias = ((Linear) p.down.op()).bias();
        List<Value> in = new ArrayList<>(List.of(p.gate.inputs().getFirst()));
        for (int i = 1; i <= (bias ? 2 : 1); i++) {
            for (Composite layer : List.of(p.gate, p.up, p.down)) {
                in.add(layer.inputs().get(i));
            }
        }
        return (b, now) -> List.of(b.apply(
                new GatedMlp(p.act.activation(), bias), in.stream().map(now).toArray(Value[]::new)));
    }
}
