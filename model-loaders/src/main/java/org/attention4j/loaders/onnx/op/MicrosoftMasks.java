package org.attention4j.loaders.onnx.op;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;

/** The masks that ONNX Runtime's attention operators take: lengths, or a number for each key. */
final class MicrosoftMasks {
    private MicrosoftMasks() {}

    /**
     * Applies the mask of input {@code i}, if there is one: {@code [batch]} lengths, {@code [2·batch]} ends and starts, or {@code
     * [batch, keys]} or {@code [batch, seq, keys]}, 1 where a key is visible; elsewhere {@code mask_filter_value} is added.
     */
    static void apply(OnnxNode n, Heads heads, int i) {
        if (!n.has(i)) {
            return;
        }
        GraphBuilder b = n.builder();
        Value mask = n.input(i);
        Dim one = Dim.of(1);
        switch (mask.type().rank()) {
            case 1 -> lengths(n, heads, Elements.i64(n, mask));
            case 2 ->
                filter(
                        n,
                        heads,
                        b.reshape(
                                mask, mask.type().dim(0), one, one, mask.type().dim(1)));
            case 3 -> filter(n, heads, b.unsqueeze(mask, 1));
            default -> throw n.unsupported("a mask %s, expected at most three dimensions", mask.type());
        }
    }

    private static void filter(OnnxNode n, Heads heads, Value mask) {
        GraphBuilder b = n.builder();
        Value hidden = b.add(b.mul(b.cast(mask, DType.F32), -1), 1);
        heads.bias(b.mul(hidden, n.attribute("mask_filter_value", -10000.0)));
    }

    private static void lengths(OnnxNode n, Heads heads, Value mask) {
        GraphBuilder b = n.builder();
        boolean startsToo = mask.type().dim(0) instanceof Dim.Fixed(long size)
                && heads.batch() instanceof Dim.Fixed(long batch)
                && size == 2 * batch;
        if (!startsToo) {
            n.equal(mask.type().dim(0), heads.batch());
            heads.lengths(mask);
            return;
        }
        long batch = heads.batch() instanceof Dim.Fixed(long size) ? size : 0;
        heads.lengths(b.slice(mask, 0, 0, batch));
        Dim one = Dim.of(1);
        Value first = b.reshape(b.slice(mask, 0, batch, 2 * batch), heads.batch(), one, one, one);
        Value key = b.reshape(b.iota(heads.keys()), one, one, one, heads.keys());
        heads.mask(b.binary(BinaryKind.LESS_EQUAL, first, key));
    }
}
