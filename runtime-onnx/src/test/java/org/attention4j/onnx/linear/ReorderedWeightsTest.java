package org.attention4j.onnx.linear;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with weights whose columns are stored in another order, and with odd numbers of groups in a row. */
class ReorderedWeightsTest {
    private static final int COLUMNS = 384;
    private static final TensorType X = TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(COLUMNS));
    private static final Tolerance ROUNDING = new Tolerance(1e-4, 0);

    private static Tensor reordered(DType dtype, long seed, long rows, long order) {
        List<Integer> columns = IntStream.range(0, COLUMNS).boxed().collect(Collectors.toList());
        Collections.shuffle(columns, new Random(order));
        Tensor blocks = RandomTensors.of(dtype, seed, Shape.of(rows, COLUMNS));
        return Tensor.of(DType.F32, blocks.shape(), new ReorderedColumns(blocks, ImmutableIntArray.copyOf(columns)));
    }

    private static List<List<Tensor>> runs() {
        return List.of(
                List.of(RandomTensors.of(DType.F32, 5, Shape.of(1, 1, COLUMNS))),
                List.of(RandomTensors.of(DType.F32, 6, Shape.of(1, 9, COLUMNS))));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"INT4_G16", "INT4_G32", "INT4_G64", "INT4_G128", "Q4_0"})
    void productsKeepTheBlocks(DType dtype) {
        new OneOp(new Linear(false))
                .input(X)
                .weight(reordered(dtype, 1, 67, 2))
                .large()
                .setting("activations", "exact")
                .check("matmul_nbits", ROUNDING, runs());
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"INT2_G64", "INT4_G128", "INT8_G128"})
    void roundingCostsLittle(DType dtype) {
        new OneOp(new Linear(false))
                .input(X)
                .weight(RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS)))
                .large()
                .check("matmul_nbits", new Tolerance(dtype == DType.INT8_G128 ? 1 : 0.1, 0), runs());
    }

    @Test
    void smallModelsAreExpanded() {
        new OneOp(new Linear(false))
                .input(X)
                .weight(reordered(DType.INT4_G32, 1, 67, 2))
                .check(OneOp.floatProduct(DType.F32), ROUNDING, runs());
    }

    /** Layers of the same x join where their orders are the same. */
    @Test
    void joinsOnlyTheSameOrder() {
        GraphBuilder b = new GraphBuilder("orders");
        Value x = b.input("x", X);
        b.weight("ballast", Tensor.zeros(DType.Q4_0, Shape.of(1 << 10, 1 << 14)));
        for (int i = 0; i < 5; i++) {
            Tensor weight = i == 3
                    ? RandomTensors.of(DType.F32, i, Shape.of(40, COLUMNS))
                    : reordered(i == 2 ? DType.INT4_G32 : DType.INT4_G64, i, 40 + i, i / 4);
            b.result("y" + i, b.apply(new Linear(false), x, b.weight("w" + i, weight)));
        }
        Graph graph = b.build();
        BackendOptions exact =
                new BackendOptions(Optional.empty(), OptionalInt.empty(), Map.of("activations", "exact"));
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                Backend onnx = Backends.create("onnx", exact);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(graph, CompileOptions.DEFAULT)) {
            Assertions.assertEquals(
                    List.of(
                            "matmul_nbits",
                            "matmul_nbits",
                            "matmul_nbits",
                            OneOp.floatProduct(DType.F32),
                            "matmul_nbits"),
                    actual.plan().choices().stream().map(Plan.Choice::lowering).toList());
            for (List<Tensor> run : runs()) {
                Compare.assertClose(
                        "orders",
                        expected.run(Map.of("x", run.getFirst())),
                        actual.run(Map.of("x", run.getFirst())),
                        ROUNDING);
            }
        }
    }
}
