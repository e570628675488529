package org.attention4j.core.moe;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;

/**
 * The experts that a {@link Routing} chose, weighted and summed: x {@code F32[..., dim]}, ids {@code I64[..., topK]} (0 to
 * experts − 1), weights {@code F32[..., topK]}; the result has x's type. Then come the experts' own weights, stacked, of any
 * float dtype or block-quantised: gate and up {@code [experts, hidden, dim]}, or gate_up {@code [experts, 2·hidden, dim]}; down
 * {@code [experts, dim, hidden]}; and with biases gate_bias and up_bias {@code [experts, hidden]}, or gate_up_bias
 * {@code [experts, 2·hidden]}, and down_bias {@code [experts, dim]}, of any float dtype.
 *
 * <p>Of the experts' weights only those of chosen experts are read, also by the decomposition, which takes one token and expert
 * after the other.
 *
 * @param gateUp how gate and up are stored
 * @param gating what is between the projections
 * @param bias whether there are biases
 */
public record Experts(GateUp gateUp, Gating gating, boolean bias) implements CompositeOp {
    private static final int FIRST_WEIGHT = 3;

    @Override
    public String name() {
        return "experts";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.<String>builder()
                .add("x", "ids", "weights")
                .addAll(weightNames())
                .build();
    }

    /** The names of the inputs that hold the experts' own weights, which are the last ones. */
    public List<String> weightNames() {
        List<String> matrices = gateUp == GateUp.SEPARATE
                ? ImmutableList.of("gate", "up", "down")
                : ImmutableList.of("gate_up", "down");
        ImmutableList.Builder<String> names = ImmutableList.builder();
        names.addAll(matrices);
        if (bias) {
            matrices.forEach(name -> names.add(name + "_bias"));
        }
        return names.build();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 2);
        List<Dim> chosen = new ArrayList<>(x.dims());
        chosen.set(chosen.size() - 1, Dim.of(in.get("ids").fixedDim(-1)));
        in.exactly("ids", DType.I64, chosen.toArray(Dim[]::new));
        in.exactly("weights", DType.F32, chosen.toArray(Dim[]::new));
        requireWeights(in, x.dim(-1));
        return ImmutableList.of(x);
    }

    private void requireWeights(InputTypes in, Dim dim) {
        String first = weightNames().getFirst();
        TensorType gate = in.stack(first);
        Dim experts = gate.dim(0);
        Dim rows = gate.dim(1);
        in.stack(first, experts, rows, dim);
        Dim hidden = rows;
        if (gateUp == GateUp.SEPARATE) {
            in.stack("up", experts, rows, dim);
        } else {
            in.require(gate.fixedDim(1) % 2 == 0, first, "an even number of rows for each expert");
            hidden = Dim.of(gate.fixedDim(1) / 2);
        }
        in.stack("down", experts, dim, hidden);
        if (bias) {
            for (String name : weightNames()) {
                if (name.endsWith("_bias")) {
                    in.vectors(name, experts, name.equals("down_bias") ? dim : rows);
                }
            }
        }
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.get(0);
        Value ids = inputs.get(1);
        int topK = Math.toIntExact(ids.type().fixedDim(-1));
        Dim dim = x.type().dim(-1);
        Dim pairs = ids.type().dims().stream().reduce(Dim.of(1), Dim::times);
        List<Dim> perChoice = new ArrayList<>(ids.type().dims());
        perChoice.add(dim);

        Value repeated = b.broadcast(b.unsqueeze(x, -2), perChoice);
        List<Value> in = new ArrayList<>();
        in.add(b.reshape(repeated, pairs, Dim.of(1), dim));
        in.add(b.reshape(ids, pairs));
        in.addAll(inputs.subList(FIRST_WEIGHT, inputs.size()));
        Value y = b.scan(step(in), 0, 2, 0, in).getFirst();

        Value weighted = b.mul(b.reshape(y, perChoice), b.unsqueeze(inputs.get(2), -1));
        return ImmutableList.of(
                topK == 1 ? b.reshape(weighted, x.type().dims()) : b.reduce(ReduceKind.SUM, weighted, false, -2));
    }

    /** One token through one of its experts. */
    private Graph step(List<Value> in) {
        GraphBuilder b = new GraphBuilder("expert");
        Value x = b.input(
                "x", TensorType.of(DType.F32, Dim.of(1), in.get(0).type().dim(-1)));
        Value id = b.input("id", TensorType.of(DType.I64));
        List<Value> weights = new ArrayList<>();
        for (int i = 0; i < weightNames().size(); i++) {
            Value all = b.input(weightNames().get(i), in.get(2 + i).type());
            weights.add(b.gather(all, id, 0));
        }
        b.result("y", expert(b, x, weights));
        return b.build();
    }

    /** One expert's own weights are without the dimension of experts. */
    private Value expert(GraphBuilder b, Value x, List<Value> own) {
        int matrices = bias ? own.size() / 2 : own.size();
        List<Value> hidden = new ArrayList<>();
        for (int i = 0; i < matrices - 1; i++) {
            hidden.add(linear(b, x, own, i, matrices));
        }
        Value gated = gateUp == GateUp.SEPARATE
                ? gating.append(b, hidden.get(0), hidden.get(1))
                : gate(b, hidden.getFirst(), gateUp == GateUp.INTERLEAVED);
        return linear(b, gated, own, matrices - 1, matrices);
    }

    /** x times the i-th matrix, plus its bias, which stands {@code matrices} places after it. */
    private Value linear(GraphBuilder b, Value x, List<Value> own, int i, int matrices) {
        Linear linear = new Linear(bias);
        return bias ? b.apply(linear, x, own.get(i), own.get(i + matrices)) : b.apply(linear, x, own.get(i));
    }

    /**
     * Appends what is between the projections.
     *
     * @param gateUpOf {@code F32[..., 2·hidden]}: entries of gate, then those of up; or by turns
     * @return {@code F32[..., hidden]}
     */
    public Value gate(GraphBuilder b, Value gateUpOf, boolean interleaved) {
        long size = gateUpOf.type().fixedDim(-1);
        long step = interleaved ? 2 : 1;
        Value gate = b.slice(gateUpOf, -1, 0, interleaved ? PrimitiveOp.TO_END : size / 2, step);
        Value up = b.slice(gateUpOf, -1, interleaved ? 1 : size / 2, PrimitiveOp.TO_END, step);
        return gating.append(b, gate, up);
    }
}
