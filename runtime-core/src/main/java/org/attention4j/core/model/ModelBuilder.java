package org.attention4j.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.mlp.GatedMlp;
import org.attention4j.core.mlp.Mlp;
import org.attention4j.core.moe.Moe;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.Shape;

/** What an architecture writes a model's blocks with: operators that find their weights by name. */
public class ModelBuilder {
    private final MixContext context;
    private final Parameters parameters;

    ModelBuilder(MixContext context) {
        this.context = context;
        this.parameters = context.parameters();
    }

    /** The graph in the making. */
    public final GraphBuilder graph() {
        return context.builder();
    }

    /** {@code I64[batch, seq]}: the position of each given token. */
    public final Value positions() {
        return context.positions(Dims.SEQ);
    }

    /** The weight of this name, in whatever dtype the model has it. */
    public final Value weight(String name) {
        return parameters.get(name);
    }

    /**
     * The weight of this name.
     *
     * @throws IllegalArgumentException if it has other dims than these
     */
    public final Value weight(String name, long... dims) {
        Value w = parameters.get(name);
        TensorType expected = TensorType.of(w.type().dtype(), Shape.of(dims));
        if (!w.type().equals(expected)) {
            throw new IllegalArgumentException(
                    "tensor %s: got %s, expected dims %s".formatted(name, w.type(), Arrays.toString(dims)));
        }
        return w;
    }

    /** The weight of this name, if the model has it. */
    public final Optional<Value> findWeight(String name) {
        return parameters.find(name);
    }

    /** Any composite op of one result. */
    public final Value apply(CompositeOp op, Value... inputs) {
        return graph().apply(op, inputs);
    }

    /** {@code a + b}. */
    public final Value add(Value a, Value b) {
        return graph().add(a, b);
    }

    /** Rows of {@code name.weight [vocab, dim]}. */
    public final Value embedding(String name, Value ids) {
        return apply(new Embedding(), ids, weight(name + ".weight"));
    }

    /** x · Wᵀ + b with {@code name.weight [out, in]} and, if the model has it, {@code name.bias [out]}. */
    public final Value linear(String name, Value x) {
        Value w = weight(name + ".weight");
        return findWeight(name + ".bias")
                .map(bias -> apply(new Linear(true), x, w, bias))
                .orElseGet(() -> apply(new Linear(false), x, w));
    }

    /** RMSNorm with {@code name.weight}. */
    public final Value rmsNorm(String name, Value x, double eps) {
        return apply(new RmsNorm(eps, 0), x, weight(name + ".weight"));
    }

    /** LayerNorm with {@code name.weight} and, if the model has it, {@code name.bias}. */
    public final Value layerNorm(String name, Value x, double eps) {
        Value w = weight(name + ".weight");
        return findWeight(name + ".bias")
                .map(bias -> apply(new LayerNorm(eps, true, true), x, w, bias))
                .orElseGet(() -> apply(new LayerNorm(eps, true, false), x, w));
    }

    /** {@code down(act(gate x) · up x)}; each is the name of a linear layer, with biases if the model has them. */
    public final Value gatedMlp(String gate, String up, String down, Activation activation, Value x) {
        Value g = weight(gate + ".weight");
        Value u = weight(up + ".weight");
        Value d = weight(down + ".weight");
        if (findWeight(down + ".bias").isEmpty()) {
            return apply(new GatedMlp(activation, false), x, g, u, d);
        }
        return apply(
                new GatedMlp(activation, true),
                x,
                g,
                u,
                d,
                weight(gate + ".bias"),
                weight(up + ".bias"),
                weight(down + ".bias"));
    }

    /** {@code down(act(up x))}; each is the name of a linear layer, with biases if the model has them. */
    public final Value mlp(String up, String down, Activation activation, Value x) {
        Value u = weight(up + ".weight");
        Value d = weight(down + ".weight");
        return findWeight(down + ".bias").isEmpty()
                ? apply(new Mlp(activation, false), x, u, d)
                : apply(new Mlp(activation, true), x, u, d, weight(up + ".bias"), weight(down + ".bias"));
    }

    /**
     * A mixture of experts.
     *
     * @param names the model's name of each weight, from its name in {@link Moe}
     * @throws IllegalArgumentException if one has no name, or the model has no such weight
     */
    public final Value moe(Moe moe, Value x, Map<String, String> names) {
        List<Value> inputs = new ArrayList<>(List.of(x));
        for (String input : moe.inputNames().subList(1, moe.inputNames().size())) {
            String name = names.get(input);
            if (name == null) {
                throw new IllegalArgumentException("moe: weight %s has no name; named are %s".formatted(input, names));
            }
            inputs.add(weight(name));
        }
        return graph().call(moe, inputs).getFirst();
    }

    MixContext context() {
        return context;
    }
}
