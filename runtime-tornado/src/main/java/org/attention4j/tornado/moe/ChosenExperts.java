package org.attention4j.tornado.moe;

import static java.util.Objects.requireNonNull;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.linear.LinearProducts;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/**
 * Two launches whatever the number of tokens: gate and up of all tokens' experts, and what is between the projections; and down, summed
 * up by the experts' weights, with whatever is added to that.
 */
@AutoService(TornadoLowering.class)
public final class ChosenExperts implements TornadoLowering {
    @Override
    public String name() {
        return "chosen_rows";
    }

    @Override
    public String op() {
        return "experts";
    }

    @Override
    public Answer supports(Composite composite) {
        Experts op = (Experts) composite.op();
        Optional<DType> changed = op.weightNames().stream()
                .filter(name -> !name.endsWith("_bias"))
                .map(name -> composite.input(name).type().dtype())
                .filter(dtype -> dtype != DType.F32 && !LinearProducts.TYPES.containsKey(dtype))
                .findFirst();
        return changed.map(dtype -> Answer.yes("%s weights become F32 when they are loaded".formatted(dtype)))
                .orElse(Answer.yes());
    }

    @Override
    public List<Graph> parts(Composite composite) {
        Experts op = (Experts) composite.op();
        List<Value> in = composite.inputs();
        return ImmutableList.of(Recurrence.graph(
                composite.label(),
                in.stream().map(Value::type).toList(),
                op.inputNames(),
                (b, values) -> ImmutableList.of(write(op, b, values))));
    }

    private static Value write(Experts op, GraphBuilder b, List<Value> in) {
        Map<String, Value> named = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            named.put(op.inputNames().get(i), in.get(i));
        }
        Value x = b.unsqueeze(in.get(0), -2);
        Value ids = in.get(1);
        Value gated = op.gateUp() == GateUp.SEPARATE
                ? op.gating().append(b, rows(op, b, x, ids, named, "gate"), rows(op, b, x, ids, named, "up"))
                : op.gate(b, rows(op, b, x, ids, named, "gate_up"), op.gateUp() == GateUp.INTERLEAVED);
        return rows(op, b, gated, ids, named, "down", in.get(2));
    }

    private static Value rows(
            Experts op, GraphBuilder b, Value x, Value ids, Map<String, Value> named, String name, Value... weights) {
        List<Value> in = new ArrayList<>(List.of(x, ids, requireNonNull(named.get(name))));
        if (op.bias()) {
            in.add(requireNonNull(named.get(name + "_bias")));
        }
        in.addAll(List.of(weights));
        return b.call(new ChosenRows(op.bias(), weights.length > 0), in).getFirst();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        List.of("x", "ids", "weights").forEach(name -> l.rows(composite.input(name)));
        l.inlineExpression(parts.getFirst(), composite);
    }
}
