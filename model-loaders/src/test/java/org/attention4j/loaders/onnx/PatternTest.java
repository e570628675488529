package org.attention4j.loaders.onnx;

import static org.attention4j.loaders.onnx.OnnxSample.integer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What exporters take apart, put together again: the composite is found, and computes what plain Java does. */
class PatternTest {
    private static final int HEADS = 3;
    private static final int SEQ = 4;
    private static final int DIM = 6;
    private static final int HALF = DIM / 2;

    private static Tensor random(Random random, long... dims) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(dims));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setDouble(i, random.nextGaussian());
        }
        return t;
    }

    private static List<String> composites(Graph graph) {
        return graph.ops().stream()
                .filter(Composite.class::isInstance)
                .map(op -> ((Composite) op).op().name())
                .toList();
    }

    /** As Hugging Face's models write it: angles that are made once for both halves, and {@code rotate_half}. */
    private static OnnxSample rotaryModel() {
        return new OnnxSample(18)
                .input("x", DataType.FLOAT, 1, HEADS, SEQ, DIM)
                .input("angles", DataType.FLOAT, 1, SEQ, HALF)
                .longs("zero", 0)
                .longs("half", HALF)
                .longs("end", Long.MAX_VALUE)
                .longs("last", -1)
                .longs("one", 1)
                .node("Concat", "angles angles", "both", integer("axis", -1))
                .node("Cos", "both", "cos3")
                .node("Sin", "both", "sin3")
                .node("Unsqueeze", "cos3 one", "cos")
                .node("Unsqueeze", "sin3 one", "sin")
                .node("Slice", "x zero half last", "first")
                .node("Slice", "x half end last", "second")
                .node("Neg", "second", "negative")
                .node("Concat", "negative first", "turned", integer("axis", -1))
                .node("Mul", "x cos", "straight")
                .node("Mul", "turned sin", "across")
                .node("Add", "straight across", "y")
                .output("y");
    }

    @Test
    void rotaryEmbeddingAsExportersWriteIt() {
        Graph graph = rotaryModel().imported();
        assertEquals(List.of("rope"), composites(graph));
        Random random = new Random(3);
        Tensor x = random(random, 1, HEADS, SEQ, DIM);
        Tensor angles = random(random, 1, SEQ, HALF);
        Tensor y = OnnxSample.run(graph, Map.of("x", x, "angles", angles));
        for (int i = 0; i < HEADS * SEQ * DIM; i++) {
            int d = i % DIM;
            double angle = angles.getDouble((i / DIM) % SEQ * HALF + d % HALF);
            double other = x.getDouble(d < HALF ? i + HALF : i - HALF) * (d < HALF ? -1 : 1);
            double expected = x.getDouble(i) * Math.cos(angle) + other * Math.sin(angle);
            assertEquals(expected, y.getDouble(i), 1e-6, "entry " + i);
        }
    }

    /** Two halves of the table that are not alike are no rotation of pairs. */
    @Test
    void tablesWithDifferentHalvesAreNoRotation() {
        OnnxSample sample = new OnnxSample(18);
        rotaryModel().graph().getNodeList().stream()
                .filter(n -> !n.getOutput(0).equals("both"))
                .forEach(sample.graph()::addNode);
        sample.input("x", DataType.FLOAT, 1, HEADS, SEQ, DIM)
                .input("both", DataType.FLOAT, 1, SEQ, DIM)
                .longs("zero", 0)
                .longs("half", HALF)
                .longs("end", Long.MAX_VALUE)
                .longs("last", -1)
                .longs("one", 1)
                .output("y");
        assertEquals(List.of(), composites(sample.imported()));
    }

    private static OnnxSample gatedMlp(boolean allBiases) {
        int dim = 3;
        int hidden = 4;
        Random random = new Random(9);
        OnnxSample sample = new OnnxSample(18).input("x", DataType.FLOAT, "n", dim);
        floats(sample, "gate", random, dim, hidden);
        floats(sample, "up", random, dim, hidden);
        floats(sample, "down", random, hidden, dim);
        floats(sample, "b", random, hidden);
        floats(sample, "c", random, hidden);
        floats(sample, "d", random, dim);
        sample.node("MatMul", "x gate", "g0")
                .node("Add", "g0 b", "g")
                .node("Sigmoid", "g", "s")
                .node("Mul", "g s", "act")
                .node("MatMul", "x up", "u0")
                .node("Add", "u0 c", "u")
                .node("Mul", "act u", "h")
                .node("MatMul", "h down", "y0");
        return allBiases ? sample.node("Add", "y0 d", "y").output("y") : sample.output("y0");
    }

    private static void floats(OnnxSample sample, String name, Random random, long... dims) {
        Tensor t = random(random, dims);
        sample.floats(name, Arrays.stream(dims).boxed().toList(), t.toFloatArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gatedMlpOfWhichAllLayersHaveABiasOrNone(boolean allBiases) {
        Graph graph = gatedMlp(allBiases).imported();
        List<String> expected = allBiases ? List.of("gated_mlp") : List.of("linear", "activate", "linear", "linear");
        assertEquals(expected, composites(graph), graph::toString);
        Random random = new Random(9);
        Tensor gate = random(random, 3, 4);
        Tensor up = random(random, 3, 4);
        Tensor down = random(random, 4, 3);
        Tensor b = random(random, 4);
        Tensor c = random(random, 4);
        Tensor d = random(random, 3);
        Tensor x = random(new Random(1), 2, 3);
        Tensor y = OnnxSample.run(graph, Map.of("x", x));
        for (int row = 0; row < 2; row++) {
            double[] sums = new double[3];
            for (int h = 0; h < 4; h++) {
                double g = b.getDouble(h);
                double u = c.getDouble(h);
                for (int k = 0; k < 3; k++) {
                    g += x.getDouble(row * 3L + k) * gate.getDouble(k * 4L + h);
                    u += x.getDouble(row * 3L + k) * up.getDouble(k * 4L + h);
                }
                for (int k = 0; k < 3; k++) {
                    sums[k] += g / (1 + Math.exp(-g)) * u * down.getDouble(h * 3L + k);
                }
            }
            for (int k = 0; k < 3; k++) {
                double expectedEntry = sums[k] + (allBiases ? d.getDouble(k) : 0);
                assertEquals(expectedEntry, y.getDouble(row * 3L + k), 1e-5);
            }
        }
    }

    /** A product with a matrix of integers that stand for floats is a linear layer. */
    @Test
    void quantisedWeightsAreWeightsOfALinearLayer() {
        OnnxSample sample =
                new OnnxSample(21).input("x", DataType.FLOAT, "n", 2).longs("q64", 1, -2, 3, 4, -5, 6);
        Graph graph = sample.longs("shape", 2, 3)
                .floats("scale", List.of(3L), 0.5f, 0.25f, 2)
                .node("Reshape", "q64 shape", "q2")
                .node("Cast", "q2", "q", integer("to", DataType.INT8_VALUE))
                .node("DequantizeLinear", "q scale", "w")
                .node("MatMul", "x w", "y")
                .output("y")
                .imported();
        assertTrue(composites(graph).equals(List.of("linear")), graph::toString);
        Tensor y = OnnxSample.run(graph, Map.of("x", Tensor.f32(Shape.of(1, 2), 1, 10)));
        assertEquals(
                List.of(0.5 + 20, -0.5 - 12.5, 6.0 + 120), List.of(y.getDouble(0), y.getDouble(1), y.getDouble(2)));
    }
}
