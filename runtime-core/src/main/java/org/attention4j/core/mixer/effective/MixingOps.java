package org.attention4j.core.mixer.effective;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.GraphSlice;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.model.LayerInfo;

/** The ops of a graph in which tokens see each other. Composites that only contain such ops are decomposed. */
final class MixingOps {
    private final Map<Signature, Boolean> containing = new HashMap<>();
    private final Graph graph;
    private final Set<Value> changing;

    /** What decides how a composite is decomposed. */
    private record Signature(CompositeOp op, List<TensorType> inputs) {}

    /**
     * One op.
     *
     * @param values what it says of its values
     * @param factor a number for each token and head that the values were multiplied by, {@code [batch, seq, heads, 1]}; such a
     *     factor counts as weight, as where it is a step of Mamba-2
     */
    record Found(int layer, Composite composite, MixedValues values, Optional<Value> factor) {
        Value input() {
            return composite.input(values.input());
        }

        Value result() {
            return composite.outputs().getFirst();
        }
    }

    MixingOps(Graph original) {
        this.graph =
                Expansion.expand(original, c -> contains(c) ? Decomposer.ALL.decompositionOf(c) : Optional.empty());
        this.changing = GraphSlice.dependents(graph, graph.inputs());
    }

    /** The graph with these ops laid open. */
    Graph graph() {
        return graph;
    }

    private static Optional<MixedValues> values(Op op) {
        return op instanceof Composite c && c.op() instanceof ValueMixing m ? m.mixedValues() : Optional.empty();
    }

    private boolean contains(Composite c) {
        if (values(c).isPresent()) {
            return false;
        }
        Signature signature =
                new Signature(c.op(), c.inputs().stream().map(Value::type).toList());
        Boolean known = containing.get(signature);
        if (known == null) {
            known = decomposed(signature).stream()
                    .anyMatch(op -> values(op).isPresent() || (op instanceof Composite inner && contains(inner)));
            containing.put(signature, known);
        }
        return known;
    }

    private static List<Op> decomposed(Signature s) {
        GraphBuilder b = new GraphBuilder(s.op.name());
        List<Value> in = new ArrayList<>();
        for (TensorType type : s.inputs) {
            in.add(b.input("in." + in.size(), type));
        }
        s.op.decompose(b, in);
        return b.build().ops();
    }

    /** The ops of some layers, in the order in which they are computed: those that only prepare, where a layer has no other. */
    List<Found> find(List<LayerInfo> layers, MapSelection selection) {
        List<Found> all = graph.ops().stream()
                .filter(op -> values(op).isPresent())
                .map(op -> found(layers, (Composite) op))
                .filter(f -> f.layer >= 0 && selection.hasLayer(f.layer))
                .toList();
        Set<Integer> mixing =
                all.stream().filter(f -> !prepares(f)).map(Found::layer).collect(Collectors.toSet());
        return all.stream()
                .filter(f -> !prepares(f) || !mixing.contains(f.layer))
                .toList();
    }

    private static boolean prepares(Found f) {
        return f.composite.op() instanceof ValueMixing m && m.isPreparation();
    }

    private Found found(List<LayerInfo> layers, Composite c) {
        int layer = -1;
        for (int i = 0; i < layers.size(); i++) {
            layer = c.label().startsWith(layers.get(i).name() + "/") ? i : layer;
        }
        MixedValues values = values(c).orElseThrow();
        return new Found(layer, c, values, factor(values, c.input(values.input())));
    }

    private Optional<Value> factor(MixedValues values, Value input) {
        if (values.averages() || values.mixing() != MixedValues.Mixing.BY_HEAD || values.tokenAxis() != 1) {
            return Optional.empty();
        }
        TensorType type = input.type();
        return graph.ops().stream()
                .filter(op -> op.outputs().contains(input))
                .filter(op -> op instanceof Primitive p
                        && p.op() instanceof PrimitiveOp.Binary(PrimitiveOp.BinaryKind kind)
                        && kind == PrimitiveOp.BinaryKind.MUL)
                .flatMap(op -> op.inputs().stream())
                .filter(v -> !v.type().equals(type) && v.type().equals(type.withDim(3, Dim.of(1))))
                .filter(changing::contains)
                .findFirst();
    }

    /** The values that an op takes which change with the tokens, without its own values; the others are made of weights. */
    List<Value> changingInputs(Found f) {
        return f.composite.inputs().stream()
                .filter(v -> changing.contains(v) && !v.equals(f.input()))
                .distinct()
                .toList();
    }

    /** What has to be known of a run of the model, to map the op. */
    Set<Value> wanted(Found f) {
        ImmutableSet.Builder<Value> all = ImmutableSet.builder();
        all.addAll(changingInputs(f)).add(f.input(), f.result());
        f.factor.ifPresent(all::add);
        return all.build();
    }

    /** All that computes the op's result from {@link #changingInputs} and another value in place of its values. */
    Graph alone(Found f, Value probe) {
        Composite c = f.composite;
        List<Value> in = new ArrayList<>(c.inputs());
        in.set(c.op().inputNames().indexOf(f.values.input()), probe);
        Composite probed = new Composite(c.op(), in, c.outputs());
        List<Op> ops =
                graph.ops().stream().map(op -> op.equals(c) ? probed : op).toList();
        List<Value> given = ImmutableList.<Value>builder()
                .add(probe)
                .addAll(changingInputs(f))
                .build();
        Graph whole = new Graph(c.label(), graph.inputs(), ops, Map.of(), Map.of());
        return GraphSlice.between(whole, given, Map.of(EffectiveAttention.RESULT, f.result()));
    }
}
