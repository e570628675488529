package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.ElementTypes;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.onnx.ScaledTensor;

/**
 * Integers that stand for floats, {@code x = scale·(q − zero)}: one scale for all, one for each entry of an axis, or one for each
 * block of consecutive entries of an axis. Products of integers are computed in F64, which holds them exactly.
 */
@AutoService(OnnxOperators.class)
public final class QuantizationOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.ONNX, "DequantizeLinear", QuantizationOps::dequantize);
        table.addOne("QuantizeLinear", QuantizationOps::quantize);
        table.add(OperatorTable.ONNX, "DynamicQuantizeLinear", QuantizationOps::dynamic);
        table.addOne("MatMulInteger", QuantizationOps::matMul);
        table.add(OperatorTable.MICROSOFT, "DequantizeLinear", QuantizationOps::dequantize);
        table.addOne(OperatorTable.MICROSOFT, "QuantizeLinear", QuantizationOps::quantize);
    }

    /** A known matrix stays as it is and is made floats of when it is read. */
    private static List<Imported> dequantize(OnnxNode n) {
        GraphBuilder b = n.builder();
        if (!n.type(0).dtype().isInteger() || !n.type(1).dtype().isFloat()) {
            throw n.broken("%s and scales %s, expected integers and floats", n.type(0), n.type(1));
        }
        requireZeros(n);
        DType type = n.attribute("output_dtype", 0L) == 0
                ? n.type(1).dtype()
                : ElementTypes.of((int) n.attribute("output_dtype", 0L), "output_dtype");
        boolean matrix = n.type(0).rank() == 2 && n.type(1).rank() <= 1 && n.attribute("block_size", 0L) == 0;
        if (matrix
                && type == DType.F32
                && n.constant(0).isPresent()
                && n.constant(1).isPresent()
                && (!n.has(2) || n.constant(2).isPresent())) {
            int axis = n.axis("axis", 1, 2);
            requireFit(n, 1, axis);
            Tensor t = ScaledTensor.of(n.constant(0).get(), n.constant(1).get(), n.constant(2), axis);
            return List.of(new Imported.Constant("dequantized", t));
        }
        Value q = Elements.f32(n, n.input(0));
        if (n.has(2)) {
            q = b.sub(q, spread(n, Elements.f32(n, n.input(2))));
        }
        Value y = b.mul(q, spread(n, Elements.f32(n, n.input(1))));
        return OnnxNode.computed(List.of(b.cast(y, type)));
    }

    private static Value quantize(OnnxNode n) {
        GraphBuilder b = n.builder();
        requireZeros(n);
        DType type = n.has(2)
                ? n.type(2).dtype()
                : n.attribute("output_dtype", 0L) == 0
                        ? DType.U8
                        : ElementTypes.of((int) n.attribute("output_dtype", 0L), "output_dtype");
        Value scaled =
                ArithmeticOps.round(b, b.div(Elements.f32(n, n.input(0)), spread(n, Elements.f32(n, n.input(1)))));
        if (n.has(2)) {
            scaled = b.add(scaled, spread(n, Elements.f32(n, n.input(2))));
        }
        return saturated(n, scaled, type);
    }

    /** To the nearest that the type has. */
    private static Value saturated(OnnxNode n, Value x, DType type) {
        GraphBuilder b = n.builder();
        if (type != DType.I8 && type != DType.U8) {
            throw n.unsupported("it gives %s, expected INT8 or UINT8", type);
        }
        double least = type == DType.I8 ? Byte.MIN_VALUE : 0;
        Value low = b.binary(BinaryKind.MAX, x, b.scalar(DType.F32, least));
        return b.cast(b.binary(BinaryKind.MIN, low, b.scalar(DType.F32, least + 255)), type);
    }

    /** Scales or zero points of input 1 or 2, so that they broadcast against input 0. */
    private static Value spread(OnnxNode n, Value scale) {
        int rank = n.type(0).rank();
        int scales = scale.type().rank();
        long block = n.attribute("block_size", 0L);
        GraphBuilder b = n.builder();
        if (block > 0) {
            int axis = n.axis("axis", 1, rank);
            Dim size = n.type(0).dim(axis);
            if (scales != rank) {
                throw n.broken("blocks of %s with scales %s, expected equally many dimensions", n.type(0), n.type(1));
            }
            Value blocks = b.div(b.iota(size), b.scalar(DType.I64, (double) block));
            return b.gather(scale, blocks, axis);
        }
        if (scales == 0 || scale.type().dims().equals(List.of(Dim.of(1)))) {
            return b.reshape(scale);
        }
        int axis = n.axis("axis", 1, rank);
        requireFit(n, scales, axis);
        List<Dim> dims = new ArrayList<>(Collections.nCopies(rank, Dim.of(1)));
        dims.set(axis, scale.type().dim(0));
        return b.reshape(scale, dims);
    }

    private static void requireZeros(OnnxNode n) {
        if (n.has(2) && !n.type(2).dims().equals(n.type(1).dims())) {
            throw n.broken("scales %s and zero points %s, expected equally many", n.type(1), n.type(2));
        }
    }

    private static void requireFit(OnnxNode n, int rank, int axis) {
        boolean one = n.type(1).rank() == 0 || n.type(1).dims().equals(List.of(Dim.of(1)));
        if (rank != 1 || !(one || n.type(1).dim(0).equals(n.type(0).dim(axis)))) {
            throw n.broken("%s with scales %s along axis %d", n.type(0), n.type(1), axis);
        }
    }

    /** To U8, by a scale and a zero point for which 0 is exact: of the values themselves. */
    private static List<Imported> dynamic(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        int[] all = IntStream.range(0, x.type().rank()).toArray();
        Value zero = b.scalar(DType.F32, 0);
        Value most = b.binary(BinaryKind.MAX, b.reduce(ReduceKind.MAX, x, false, all), zero);
        Value least = b.binary(BinaryKind.MIN, b.reduce(ReduceKind.MIN, x, false, all), zero);
        Value range = b.mul(b.sub(most, least), 1 / 255.0);
        Value flat = b.binary(BinaryKind.EQUAL, most, least);
        Value scale = b.where(flat, b.scalar(DType.F32, 1), range);
        Value point = saturated(n, ArithmeticOps.round(b, b.div(b.mul(least, -1), scale)), DType.U8);
        Value q = b.add(ArithmeticOps.round(b, b.div(x, scale)), b.cast(point, DType.F32));
        return OnnxNode.computed(List.of(saturated(n, q, DType.U8), scale, point));
    }

    private static Value matMul(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value left = b.cast(n.input(0), DType.F64);
        Value right = b.cast(n.input(1), DType.F64);
        if (n.has(2)) {
            Value zero = b.cast(n.input(2), DType.F64);
            // One for each row.
            boolean rows = zero.type().rank() == 1 && !zero.type().dim(0).equals(Dim.of(1));
            left = b.sub(left, rows ? b.unsqueeze(zero, 1) : zero);
        }
        if (n.has(3)) {
            right = b.sub(right, b.cast(n.input(3), DType.F64));
        }
        return b.cast(ProductOps.matMul(n, left, right, Optional.empty()), DType.I32);
    }
}
