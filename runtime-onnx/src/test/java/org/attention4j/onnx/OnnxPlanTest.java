package org.attention4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.tensor.TensorContents;
import org.junit.jupiter.api.Test;

/** Plans of weights that can't be read: with others, {@link OneOp} and the backend's contract compare with what is compiled. */
class OnnxPlanTest {
    private static final long DIM = 4096;
    private static final long EXPERTS = 4;
    private static final long TOP_K = 2;

    private static final class Unreadable implements TensorContents {
        @Override
        public void read(long offset, MemorySegment target) {
            throw new AssertionError("a weight was read");
        }
    }

    private static Tensor unreadable(DType dtype, long... dims) {
        return Tensor.of(dtype, Shape.of(dims), new Unreadable());
    }

    /** Expert by expert, as some files have them. */
    private static Tensor stack(DType dtype, long rows, long columns) {
        List<Tensor> experts = IntStream.range(0, (int) EXPERTS)
                .mapToObj(e -> unreadable(dtype, rows, columns))
                .toList();
        return Tensor.stack("experts", experts);
    }

    private static Graph graph() {
        GraphBuilder b = new GraphBuilder("unreadable");
        Value ids = b.input("tokens", TensorType.of(DType.I64, Dim.of(1), Dims.SEQ));
        Value chosen = b.input("chosen", TensorType.of(DType.I64, Dim.of(1), Dims.SEQ, Dim.of(TOP_K)));
        Value shares = b.input("shares", TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(TOP_K)));
        Value x = b.apply(new Embedding(), ids, b.weight("table", unreadable(DType.BF16, 1000, DIM)));
        x = b.apply(new RmsNorm(1e-5, 0), x, b.weight("norm", unreadable(DType.BF16, DIM)));
        x = b.apply(
                new Linear(true),
                x,
                b.weight("q8", unreadable(DType.Q8_0, DIM, DIM)),
                b.weight("bias", unreadable(DType.F16, DIM)));
        Value y = b.apply(
                new Experts(GateUp.SEPARATE, new Gating.Glu(Activation.SILU), false),
                x,
                chosen,
                shares,
                b.weight("gate", stack(DType.Q4_K, DIM, DIM)),
                b.weight("up", stack(DType.Q4_K, DIM, DIM)),
                b.weight("down", stack(DType.Q6_K, DIM, DIM)));
        b.result("y", b.apply(new Linear(false), y, b.weight("f16", unreadable(DType.F16, 10, DIM))));
        return b.build();
    }

    @Test
    void noWeightIsRead() {
        try (Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT)) {
            Plan plan = onnx.plan(graph(), CompileOptions.DEFAULT);
            assertEquals(
                    List.of(
                            "embedding gather",
                            "rms_norm rms_normalization",
                            OneOp.fastProduct(DType.Q8_0).equals("generated_product")
                                    ? "linear generated_product Q8_0 as it is, activations rounded to 8 bits"
                                    : "linear matmul_nbits Q8_0 as 8-bit numbers in groups of 32, activations rounded to 8 bits",
                            "experts sorted_by_expert",
                            OneOp.floatProduct(DType.F16).equals("generated_float_product")
                                    ? "linear generated_float_product F16 as it is"
                                    : "linear matmul_f32 F16 expanded to F32",
                            "linear matmul_nbits Q4_K as 4-bit numbers in groups of 32, activations rounded to 8 bits",
                            "activate node",
                            "linear matmul_nbits Q6_K as 8-bit numbers in groups of 16, activations rounded to 8 bits"),
                    plan.choices().stream()
                            .map(c -> "%s %s %s"
                                    .formatted(c.op(), c.lowering(), c.note())
                                    .strip())
                            .toList());
            assertThrows(
                    AssertionError.class,
                    () -> onnx.compile(graph(), CompileOptions.DEFAULT).close());
        }
    }
}
