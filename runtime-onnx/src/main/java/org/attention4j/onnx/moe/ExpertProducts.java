package org.attention4j.onnx.moe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * The products of each expert's rows with its own matrices. They are written as linear layers of their own, so whatever is fast
 * for these is fast here.
 *
 * @param composite whose inputs the stacks are
 */
record ExpertProducts(OnnxWriter w, Composite composite) {
    /** Rows that are there when the model runs. */
    private static final Dim ROWS = Dim.symbol("rows");

    /**
     * For each expert the product of its rows with its matrices of these stacks, those of one below those of the other.
     *
     * @param rows the name of {@code F32[rows, in]} of each expert
     * @param inputNames of stacks {@code [experts, out, in]}
     * @return the name of {@code F32[rows, out of all]} of each expert
     */
    List<String> of(List<String> rows, List<String> inputNames) {
        List<Value> stacks = inputNames.stream().map(composite::input).toList();
        return w.weights()
                .each(rows.size(), e -> form(stacks, e), e -> product(rows.get(e), stacks, inputNames.getFirst(), e));
    }

    /** What else than their types, which the matrices of a stack share, makes experts be written in different ways. */
    private List<Boolean> form(List<Value> stacks, int expert) {
        return stacks.stream()
                .map(stack -> w.tensor(stack)
                        .flatMap(t -> ReorderedColumns.of(t.entry(expert)))
                        .isPresent())
                .toList();
    }

    private String product(String rows, List<Value> stacks, String scope, int expert) {
        GraphBuilder b = new GraphBuilder("expert");
        TensorType in = TensorType.of(DType.F32, ROWS, stacks.getFirst().type().dim(-1));
        Value x = b.input("x", in);
        List<String> inputs = new ArrayList<>(List.of(rows));
        Value y = b.scoped(
                composite.label(),
                () -> b.scoped(scope, () -> {
                    List<Value> products = new ArrayList<>();
                    for (Value matrix : matrices(b, stacks, expert, inputs)) {
                        products.add(b.apply(new Linear(false), x, matrix));
                    }
                    return products.size() == 1 ? products.getFirst() : b.concat(-1, products.toArray(Value[]::new));
                }));
        b.result("y", y);
        return w.inline(b.build(), inputs).getFirst();
    }

    /** An expert's matrices: one below the other as one if they can be so without being copied. */
    private List<Value> matrices(GraphBuilder b, List<Value> stacks, int expert, List<String> inputs) {
        List<Tensor> own = new ArrayList<>();
        for (Value stack : stacks) {
            w.tensor(stack).ifPresent(t -> own.add(t.entry(expert)));
        }
        if (own.size() < stacks.size()) {
            return stacks.stream()
                    .map(stack -> computed(b, stack, expert, inputs))
                    .toList();
        }
        String name = stacks.getFirst().id() + "/" + expert;
        Optional<Tensor> joined = join(name, own);
        if (joined.isPresent()) {
            return List.of(b.weight(name, joined.get()));
        }
        return IntStream.range(0, own.size())
                .mapToObj(i -> b.weight(stacks.get(i).id() + "/" + expert, own.get(i)))
                .toList();
    }

    private static Optional<Tensor> join(String name, List<Tensor> matrices) {
        Tensor first = matrices.getFirst();
        boolean alike = matrices.stream()
                .allMatch(t -> t.dtype() == first.dtype()
                        && t.shape().equals(first.shape())
                        && ReorderedColumns.of(t).isEmpty());
        if (!alike || matrices.size() == 1) {
            return alike ? Optional.of(first) : Optional.empty();
        }
        long rows = matrices.size() * first.shape().dim(0);
        return Optional.of(Tensor.stack(name, matrices)
                .reshape(Shape.of(rows, first.shape().dim(1))));
    }

    /** A matrix of a stack that is not constant. */
    private Value computed(GraphBuilder b, Value stack, int expert, List<String> inputs) {
        Value given = b.input(stack.id(), stack.type());
        inputs.add(w.name(stack));
        Value index = b.constant("expert " + expert, Tensor.scalar((long) expert));
        return b.gather(given, index, 0);
    }
}
