package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PrimitiveTypesTest {
    private static final Dim SEQ = Dim.symbol("seq");

    /** A type of dims given as numbers or names of symbols. */
    private static TensorType type(DType dtype, Object... dims) {
        return new TensorType(
                dtype,
                Arrays.stream(dims)
                        .map(d -> d instanceof Integer n ? Dim.of(n) : Dim.symbol((String) d))
                        .toList());
    }

    private static TensorType f32(Object... dims) {
        return type(DType.F32, dims);
    }

    private static TensorType i64(Object... dims) {
        return type(DType.I64, dims);
    }

    private static void gives(String expected, PrimitiveOp op, TensorType... in) {
        List<TensorType> types = PrimitiveTypes.infer(op, List.of(in));
        assertEquals(expected, types.size() == 1 ? types.getFirst().toString() : types.toString());
    }

    private static void refuses(String message, PrimitiveOp op, TensorType... in) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> PrimitiveTypes.infer(op, List.of(in)));
        assertEquals(message, e.getMessage());
    }

    @Test
    void leaves() {
        gives("I8[2, 3]", new PrimitiveOp.Constant("c", Tensor.zeros(DType.I8, Shape.of(2, 3))));
        gives("I64[seq+1]", new PrimitiveOp.Iota(SEQ.plus(Dim.of(1))));
        gives("I64[]", new PrimitiveOp.SizeOf(SEQ));
        refuses("iota: got [F32[2]], expected 0 inputs", new PrimitiveOp.Iota(SEQ), f32(2));
    }

    @Test
    void unary() {
        gives("F16[seq]", new PrimitiveOp.Unary(UnaryKind.EXP), type(DType.F16, "seq"));
        gives("I64[2]", new PrimitiveOp.Unary(UnaryKind.NEG), i64(2));
        gives("BOOL[2]", new PrimitiveOp.Unary(UnaryKind.NOT), type(DType.BOOL, 2));
        refuses("exp: got [I64[2]], expected a number", new PrimitiveOp.Unary(UnaryKind.EXP), i64(2));
        refuses("not: got [F32[2]], expected BOOL", new PrimitiveOp.Unary(UnaryKind.NOT), f32(2));
        refuses("exp: got [], expected 1 inputs", new PrimitiveOp.Unary(UnaryKind.EXP));
    }

    @Test
    void binary() {
        gives("F32[seq, 3]", new PrimitiveOp.Binary(BinaryKind.ADD), f32("seq", 1), f32(3));
        gives("BOOL[2]", new PrimitiveOp.Binary(BinaryKind.LESS), i64(2), i64());
        gives("BOOL[2]", new PrimitiveOp.Binary(BinaryKind.AND), type(DType.BOOL, 2), type(DType.BOOL, 1));
        refuses(
                "add: got [F32[2], I64[2]], expected operands of one dtype",
                new PrimitiveOp.Binary(BinaryKind.ADD),
                f32(2),
                i64(2));
        refuses("or: got [F32[], F32[]], expected BOOL", new PrimitiveOp.Binary(BinaryKind.OR), f32(), f32());
        refuses("pow: got [I64[], I64[]], expected floats", new PrimitiveOp.Binary(BinaryKind.POW), i64(), i64());
        refuses(
                "add: got [Q8_0[32], Q8_0[32]], expected plain types",
                new PrimitiveOp.Binary(BinaryKind.ADD),
                type(DType.Q8_0, 32),
                type(DType.Q8_0, 32));
    }

    @Test
    void where() {
        gives("I64[2, 3]", new PrimitiveOp.Where(), type(DType.BOOL, 2, 1), i64(3), i64());
        refuses(
                "where: got [F32[2], F32[2], F32[2]], expected BOOL and two of one dtype",
                new PrimitiveOp.Where(),
                f32(2),
                f32(2),
                f32(2));
    }

    @Test
    void reductions() {
        gives("F32[2, 4]", new PrimitiveOp.Reduce(ReduceKind.SUM, List.of(1), false), f32(2, "seq", 4));
        gives("F32[1, seq, 1]", new PrimitiveOp.Reduce(ReduceKind.MEAN, List.of(0, 2), true), f32(2, "seq", 4));
        gives("I64[]", new PrimitiveOp.Reduce(ReduceKind.MAX, List.of(0), false), i64("seq"));
        refuses(
                "reduce_sum: got [F32[2]], expected a rank above axis 1",
                new PrimitiveOp.Reduce(ReduceKind.SUM, List.of(1), true),
                f32(2));
        refuses(
                "reduce_mean: got [I64[2]], expected floats",
                new PrimitiveOp.Reduce(ReduceKind.MEAN, List.of(0), true),
                i64(2));
        refuses(
                "reduce_max: got [BOOL[2]], expected numbers",
                new PrimitiveOp.Reduce(ReduceKind.MAX, List.of(0), true),
                type(DType.BOOL, 2));
        gives("F32[seq]", new PrimitiveOp.CumSum(0, true, false), f32("seq"));
        refuses("cumsum: got [F32[]], expected a rank above axis 0", new PrimitiveOp.CumSum(0, false, false), f32());
        gives("[F32[seq, 2], I64[seq, 2]]", new PrimitiveOp.TopK(2, 1), f32("seq", 8));
        refuses(
                "top_k: got [F32[3]], expected 1 ≤ k ≤ the size of axis 0, not k = 4",
                new PrimitiveOp.TopK(4, 0),
                f32(3));
    }

    @Test
    void products() {
        gives("F32[2, 3, seq, 5]", new PrimitiveOp.MatMul(false), f32(2, 1, "seq", 4), f32(3, 4, 5));
        gives("F32[seq, seq]", new PrimitiveOp.MatMul(true), f32("seq", 4), f32("seq", 4));
        refuses(
                "matmul: got [F32[2, 3], F32[2, 3]], expected equal inner dimensions, not 3 and 2",
                new PrimitiveOp.MatMul(false),
                f32(2, 3),
                f32(2, 3));
        refuses(
                "matmul: got [F32[3], F32[3, 2]], expected at least two dimensions each",
                new PrimitiveOp.MatMul(false),
                f32(3),
                f32(3, 2));
        refuses(
                "matmul: got [I64[2, 2], I64[2, 2]], expected operands of one float dtype",
                new PrimitiveOp.MatMul(false),
                i64(2, 2),
                i64(2, 2));
    }

    @Test
    void gathers() {
        gives("F32[2, seq, 3, 5]", new PrimitiveOp.Gather(1), f32(2, 4, 5), i64("seq", 3));
        gives("Q8_0[seq, 32]", new PrimitiveOp.Gather(0), type(DType.Q8_0, 9, 32), i64("seq"));
        refuses(
                "gather: got [Q8_0[9, 32], I64[2]], expected whole blocks",
                new PrimitiveOp.Gather(1),
                type(DType.Q8_0, 9, 32),
                i64(2));
        refuses("gather: got [F32[9], F32[2]], expected I64 indices", new PrimitiveOp.Gather(0), f32(9), f32(2));
        gives("F32[3, seq]", new PrimitiveOp.GatherElements(0), f32(5, "seq"), i64(3, 1));
        refuses(
                "gather_elements: got [F32[5, 2], I64[3]], expected I64 indices of equal rank",
                new PrimitiveOp.GatherElements(0),
                f32(5, 2),
                i64(3));
        gives("F32[5, 2]", new PrimitiveOp.ScatterAdd(0), f32(5, 2), i64("seq", 2), f32("seq", 2));
        refuses(
                "scatter_add: got [F32[5], I64[3], F32[2]],"
                        + " expected x, I64 indices of equal rank, and updates with the indices' dims",
                new PrimitiveOp.ScatterAdd(0),
                f32(5),
                i64(3),
                f32(2));
    }

    @Test
    void slices() {
        gives("F32[3]", new PrimitiveOp.Slice(0, 1, PrimitiveOp.TO_END, 3), f32(8));
        gives("F32[2]", new PrimitiveOp.Slice(0, 6, 100, 1), f32(8));
        gives("F32[seq+-2]", new PrimitiveOp.Slice(0, 2, PrimitiveOp.TO_END, 1), f32("seq"));
        gives("F32[2]", new PrimitiveOp.Slice(0, 1, 5, 2), f32("seq"));
        refuses(
                "slice: got [F32[seq]], expected a fixed dimension for this step",
                new PrimitiveOp.Slice(0, 0, PrimitiveOp.TO_END, 2),
                f32("seq"));
        refuses("slice: got [F32[3]], expected start ≤ 3", new PrimitiveOp.Slice(0, 4, PrimitiveOp.TO_END, 1), f32(3));
        refuses("slice: got [F32[3]], expected 0 ≤ start ≤ end, step ≥ 1", new PrimitiveOp.Slice(0, 2, 1, 1), f32(3));
    }

    @Test
    void concatenations() {
        gives("F32[past+seq, 2]", new PrimitiveOp.Concat(0), f32("seq", 2), f32("past", 2));
        gives("F32[2]", new PrimitiveOp.Concat(0), f32(2));
        refuses(
                "concat: got [F32[1, 2], F32[1, 3]], expected one dtype and equal dims but for axis 0",
                new PrimitiveOp.Concat(0),
                f32(1, 2),
                f32(1, 3));
        refuses("concat: got [], expected 1 inputs", new PrimitiveOp.Concat(0));
    }

    @Test
    void dimsAndOrder() {
        gives("F32[4, 2, seq]", new PrimitiveOp.Transpose(List.of(2, 0, 1)), f32(2, "seq", 4));
        refuses(
                "transpose: got [F32[2, 3]], expected a permutation of its axes, not [0, 0]",
                new PrimitiveOp.Transpose(List.of(0, 0)),
                f32(2, 3));
        gives("F32[3, 2]", new PrimitiveOp.Reshape(List.of(Dim.of(3), Dim.of(2))), f32(6));
        gives("F32[seq, 2]", new PrimitiveOp.Reshape(List.of(SEQ, Dim.of(2))), f32("rows"));
        refuses(
                "reshape: got [F32[6]], expected as many elements as [4]",
                new PrimitiveOp.Reshape(List.of(Dim.of(4))),
                f32(6));
        gives("F32[seq, 3]", new PrimitiveOp.Broadcast(List.of(SEQ, Dim.of(3))), f32(1, 3));
        refuses(
                "broadcast: got [F32[3]], expected something that broadcasts to [1]",
                new PrimitiveOp.Broadcast(List.of(Dim.of(1))),
                f32(3));
        gives("F32[seq+3]", new PrimitiveOp.Pad(0, 1, 2, 0), f32("seq"));
        refuses("pad: got [F32[3]], expected no negative padding", new PrimitiveOp.Pad(0, -1, 2, 0), f32(3));
    }

    @Test
    void conversions() {
        gives("BOOL[2]", new PrimitiveOp.Cast(DType.BOOL), f32(2));
        refuses("cast: got [Q4_0[32]], expected plain types", new PrimitiveOp.Cast(DType.F32), type(DType.Q4_0, 32));
        refuses("cast: got [F32[32]], expected a plain type to cast to", new PrimitiveOp.Cast(DType.Q4_0), f32(32));
        gives("F32[seq, 256]", new PrimitiveOp.Dequantize(), type(DType.Q6_K, "seq", 256));
        refuses("dequantize: got [F32[32]], expected a block-quantised type", new PrimitiveOp.Dequantize(), f32(32));
    }
}
