package org.attention4j.onnx.moe;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Pairs of a token and one of its experts, sorted by expert and split into the rows of each: as many products as there are
 * experts, of which those with no rows return at once and don't read their weights. ({@code com.microsoft.QMoE} of ONNX Runtime
 * 1.29 expands weights on CPUs: with 8 bits it takes 20 times as long for one token, 3 times for 128.)
 */
@AutoService(OnnxLowering.class)
public final class SortedExperts implements OnnxLowering {
    private static final Dim PAIRS = Dim.symbol("pairs");

    @Override
    public String name() {
        return "sorted_by_expert";
    }

    @Override
    public String op() {
        return "experts";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.yes();
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Experts op = (Experts) c.op();
        TensorType x = c.input("x").type();
        long topK = c.input("ids").type().fixedDim(-1);
        long numExperts = c.input("down").type().fixedDim(0);
        Sorted sorted =
                sort(w, w.reshape(w.name(c.input("ids")), List.of(tokens(x).times(Dim.of(topK)))), numExperts);

        String rows = w.reshape(w.name(c.input("x")), List.of(tokens(x), x.dim(-1)));
        ExpertProducts products = new ExpertProducts(w, c);
        List<String> given = split(w, gatherTokens(w, rows, sorted, topK), sorted, numExperts);
        String hidden = concat(w, products.of(given, gateUp(op)));
        List<String> gated = split(w, gate(w, c, hidden, sorted), sorted, numExperts);
        String y = concat(w, products.of(gated, List.of("down")));
        y = plusBias(w, c, y, List.of("down"), sorted);
        return List.of(sum(w, c, y, sorted, topK));
    }

    private static List<String> gateUp(Experts op) {
        return op.gateUp() == GateUp.SEPARATE ? List.of("gate", "up") : List.of("gate_up");
    }

    private static Dim tokens(TensorType x) {
        return x.dims().subList(0, x.rank() - 1).stream().reduce(Dim.of(1), Dim::times);
    }

    /**
     * Pairs in the order of their experts, by ONNX names.
     *
     * @param pairs I64[1], how many there are
     * @param ids I64[pairs], the experts in rising order
     * @param order I64[pairs], for each the number of its pair
     * @param places I64[pairs], for each pair its place in the order
     * @param counts I64[experts], how many pairs each expert has
     */
    private record Sorted(String pairs, String ids, String order, String places, String counts) {}

    private static Sorted sort(OnnxWriter w, String ids, long numExperts) {
        String pairs = w.op("Shape", List.of(ids));
        List<String> sorted = w.ops("", "TopK", List.of(ids, pairs), 2, Attributes.of("largest", 0L));
        List<String> inverse = w.ops("", "TopK", List.of(sorted.get(1), pairs), 2, Attributes.of("largest", 0L));
        String none = w.once(
                "no pairs of %d experts".formatted(numExperts),
                root -> root.constant("no_pairs", Tensor.zeros(DType.I64, Shape.of(numExperts))));
        String ones = w.op("Expand", List.of(w.constant(1), pairs));
        String counts = w.op("ScatterElements", List.of(none, ids, ones), Attributes.of("reduction", "add"));
        return new Sorted(pairs, sorted.get(0), sorted.get(1), inverse.get(1), counts);
    }

    /**
     * The row of each pair's token, in the pairs' order. ONNX Runtime is kept from seeing that this has two dimensions: while it
     * makes a session it compares each value of a known shape with all those before that are no longer needed, which takes
     * minutes if there are thousands of experts.
     */
    private static String gatherTokens(OnnxWriter w, String rows, Sorted sorted, long topK) {
        String token = w.op("Div", List.of(sorted.order(), w.scalar(topK)));
        String gathered = w.op(
                "Gather", List.of(rows, w.op("Unsqueeze", List.of(token, w.constant(1)))), Attributes.of("axis", 0L));
        String zero = w.op("Mul", List.of(sorted.pairs(), w.scalar(0L)));
        return w.op("Squeeze", List.of(gathered, w.op("Add", List.of(zero, w.scalar(1L)))));
    }

    private static List<String> split(OnnxWriter w, String rows, Sorted sorted, long numExperts) {
        return w.ops(
                "", "Split", List.of(rows, sorted.counts()), Math.toIntExact(numExperts), Attributes.of("axis", 0L));
    }

    private static String concat(OnnxWriter w, List<String> rows) {
        return w.op("Concat", rows, Attributes.of("axis", 0L));
    }

    private static String gate(OnnxWriter w, Composite c, String hidden, Sorted sorted) {
        Experts op = (Experts) c.op();
        String biased = plusBias(w, c, hidden, gateUp(op), sorted);
        long size = 2 * c.input("down").type().fixedDim(-1);
        GraphBuilder b = new GraphBuilder("gate");
        Value x = b.input("hidden", TensorType.of(DType.F32, PAIRS, Dim.of(size)));
        b.result("y", b.scoped(c.label(), () -> op.gate(b, x, op.gateUp() == GateUp.INTERLEAVED)));
        return w.inline(b.build(), List.of(biased)).getFirst();
    }

    /** {@code y[pairs, ...]} plus the biases, one after the other, of each pair's expert. */
    private static String plusBias(OnnxWriter w, Composite c, String y, List<String> layers, Sorted sorted) {
        if (!((Experts) c.op()).bias()) {
            return y;
        }
        List<String> parts = new ArrayList<>();
        for (String layer : layers) {
            Value bias = c.input(layer + "_bias");
            String own = w.op("Gather", List.of(w.name(bias), sorted.ids()), Attributes.of("axis", 0L));
            boolean isF32 = bias.type().dtype() == DType.F32;
            parts.add(isF32 ? own : w.op("Cast", List.of(own), Attributes.of("to", (long) DataType.FLOAT.getNumber())));
        }
        String bias = parts.size() == 1 ? parts.getFirst() : w.op("Concat", parts, Attributes.of("axis", -1L));
        return w.op("Add", List.of(y, bias));
    }

    /** The weighted sums of the results of each token's pairs. */
    private static String sum(OnnxWriter w, Composite c, String y, Sorted sorted, long topK) {
        TensorType x = c.input("x").type();
        String inOrder = w.op("Gather", List.of(y, sorted.places()), Attributes.of("axis", 0L));
        String perToken = w.reshape(inOrder, List.of(tokens(x), Dim.of(topK), x.dim(-1)));
        String weights = w.reshape(w.name(c.input("weights")), List.of(tokens(x), Dim.of(1), Dim.of(topK)));
        return w.reshape(w.op("MatMul", List.of(weights, perToken)), x.dims());
    }
}
