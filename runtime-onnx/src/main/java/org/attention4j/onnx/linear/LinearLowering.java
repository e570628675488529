package org.attention4j.onnx.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * What the products with weight matrices share. Layers that read the same x and have weights of one type, as those of queries,
 * keys and values do, become one product whose result is split: fewer and larger steps for the threads to share. A matrix of
 * great size, such as that of the logits, becomes several: while a session is made it holds one matrix twice.
 */
abstract class LinearLowering implements OnnxLowering {
    static final long MOST_ELEMENTS = 1L << 26;

    /** What people read of products that round. */
    static final String ROUNDS = ", activations rounded to 8 bits";

    /** 64 MiB as F32: models with less are fast and exact that way. */
    private static final long FEW_ELEMENTS = 1L << 24;

    private final long mostElements;

    /** @param mostElements of one product's weights */
    LinearLowering(long mostElements) {
        this.mostElements = mostElements;
    }

    @Override
    public final String op() {
        return "linear";
    }

    @Override
    public final List<String> emit(OnnxWriter w, Composite c) {
        List<Composite> group = group(w, c);
        Value x = c.input("x");
        String y = plus(w, group, product(w, new Factor(w.name(x), x.type()), group));
        if (group.size() == 1) {
            return List.of(y);
        }
        long[] sizes = group.stream()
                .mapToLong(g -> g.input("weight").type().fixedDim(0))
                .toArray();
        List<String> parts =
                w.ops("", "Split", List.of(y, w.constant(sizes)), sizes.length, Attributes.of("axis", -1L));
        for (int i = 1; i < sizes.length; i++) {
            w.bind(group.get(i).outputs().getFirst(), parts.get(i));
        }
        return List.of(parts.getFirst());
    }

    /** What weights are multiplied with: the name and the type of {@code F32[..., columns]}. */
    record Factor(String name, TensorType type) {}

    private String product(OnnxWriter w, Factor x, List<Composite> group) {
        Composite first = group.getFirst();
        Value weight = first.input("weight");
        if (w.tensor(weight).isEmpty()) {
            return MatMulF32.product(w, x.name(), w.f32(weight));
        }
        List<Tensor> tensors = group.stream()
                .map(c -> w.tensor(c.input("weight")).orElseThrow())
                .toList();
        return product(w, x, tensors, weight.id());
    }

    /** Writes {@code x · weightsᵀ}, the products with all of them one after the other. */
    String product(OnnxWriter w, Factor x, List<Tensor> weights, String label) {
        List<String> parts = new ArrayList<>();
        for (WeightRows rows : WeightRows.of(label, weights).split(mostElements)) {
            parts.add(product(w, x, rows));
            rows.release(w);
        }
        return parts.size() == 1 ? parts.getFirst() : w.op("Concat", parts, Attributes.of("axis", -1L));
    }

    /** Writes {@code x · rowsᵀ}. */
    abstract String product(OnnxWriter w, Factor x, WeightRows rows);

    /** The refusal of a model whose weights are so few that expanding them is best, unless they are to stay. */
    static Optional<Answer> smallModel(LoweringContext context) {
        if (context.keepsBlocks()) {
            return Optional.empty();
        }
        long elements = context.quantizedElements();
        return elements < FEW_ELEMENTS
                ? Optional.of(Answer.no(
                        "a model of %d quantised weights is small enough to be expanded to F32".formatted(elements)))
                : Optional.empty();
    }

    /** Whether weights of one dtype can be in one product. */
    boolean joins(Tensor first, Tensor other) {
        return true;
    }

    private static String plus(OnnxWriter w, List<Composite> group, String y) {
        Optional<Value> bias = group.getFirst().findInput("bias");
        if (bias.isEmpty()) {
            return y;
        }
        if (group.size() == 1) {
            return w.op("Add", List.of(y, w.f32(bias.get())));
        }
        List<Tensor> biases =
                group.stream().map(c -> w.tensor(c.input("bias")).orElseThrow()).toList();
        long size = biases.stream().mapToLong(t -> t.shape().elements()).sum();
        return w.op("Add", List.of(y, w.f32(bias.get().id() + "/f32", new long[] {size}, biases)));
    }

    /** The layer and those after it that can be one product with it. */
    private List<Composite> group(OnnxWriter w, Composite first) {
        List<Composite> group = new ArrayList<>();
        group.add(first);
        if (!hasConstants(w, first)) {
            return group;
        }
        long elements = elements(first);
        for (Op op : w.readers(first.input("x"))) {
            if (op instanceof Composite c && !w.isBound(c.outputs().getFirst()) && canJoin(w, first, c)) {
                if (elements + elements(c) <= mostElements) {
                    elements += elements(c);
                    group.add(c);
                }
            }
        }
        return group;
    }

    private boolean canJoin(OnnxWriter w, Composite first, Composite c) {
        return !c.equals(first)
                && c.op().equals(first.op())
                && c.input("x").equals(first.input("x"))
                && c.input("weight").type().dtype()
                        == first.input("weight").type().dtype()
                && hasConstants(w, c)
                && joins(
                        w.tensor(first.input("weight")).orElseThrow(),
                        w.tensor(c.input("weight")).orElseThrow())
                && supports(c, w.context()) instanceof Answer.Yes;
    }

    private static boolean hasConstants(OnnxWriter w, Composite c) {
        return c.inputs().stream().skip(1).allMatch(v -> w.tensor(v).isPresent());
    }

    private static long elements(Composite c) {
        return c.input("weight").type().fixedDim(0) * c.input("weight").type().fixedDim(1);
    }
}
