package org.attention4j.onnx.attention;

import java.util.EnumSet;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;

class FullAttentionTest {
    private static final Tolerance ROUNDING = new Tolerance(2e-6, 2e-6);
    private static final AttentionSpec SPEC = AttentionSpec.bidirectional(4, 2, 6);
    private static final Dim KEYS = Dim.symbol("keys");
    private static final int BATCH = 3;

    @Test
    void everyKeyIsSeen() {
        op(SPEC).check("full_attention", ROUNDING, List.of(run(SPEC, 5, 7), run(SPEC, 1, 1)));
    }

    @Test
    void valuesMayBeOfAnotherSizeAndScoresCapped() {
        AttentionSpec spec = SPEC.withValueDim(10).withSoftcap(2).withScale(0.7);
        op(spec).check("full_attention", ROUNDING, List.of(run(spec, 5, 7)));
    }

    /** Of the last sequence no key is left: the result is 0. */
    @Test
    void aMaskOfKeysHidesPadding() {
        Tensor mask = Tensor.zeros(DType.BOOL, Shape.of(BATCH, 1, 1, 7));
        for (int i = 0; i < 7; i++) {
            mask.setLong(i, 1);
            mask.setLong(7 + i, i < 3 ? 1 : 0);
        }
        Dim one = Dim.of(1);
        op(SPEC, AttentionInput.MASK)
                .input(TensorType.of(DType.BOOL, Dims.BATCH, one, one, KEYS))
                .check("full_attention", ROUNDING, List.of(with(run(SPEC, 5, 7), mask)));
    }

    @Test
    void aBiasIsAdded() {
        Tensor bias = RandomTensors.normal(9, 1, Shape.of(4, 5, 7));
        op(SPEC, AttentionInput.BIAS)
                .input(TensorType.of(DType.F32, Dim.of(4), Dims.SEQ, KEYS))
                .check("full_attention", ROUNDING, List.of(with(run(SPEC, 5, 7), bias)));
    }

    @Test
    void windowsAreDecomposed() {
        AttentionSpec spec = SPEC.withWindow(2);
        op(spec).check("decomposed", ROUNDING, List.of(run(spec, 5, 5)));
    }

    private static OneOp op(AttentionSpec spec, AttentionInput... extras) {
        EnumSet<AttentionInput> all = EnumSet.noneOf(AttentionInput.class);
        all.addAll(List.of(extras));
        Dim kvHeads = Dim.of(spec.numKvHeads());
        return new OneOp(new Attention(spec, all))
                .input(TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(spec.numHeads()), Dim.of(spec.headDim())))
                .input(TensorType.of(DType.F32, Dims.BATCH, kvHeads, KEYS, Dim.of(spec.headDim())))
                .input(TensorType.of(DType.F32, Dims.BATCH, kvHeads, KEYS, Dim.of(spec.valueDim())));
    }

    private static List<Tensor> run(AttentionSpec spec, int seq, int keys) {
        return List.of(
                RandomTensors.normal(1, 1, Shape.of(BATCH, seq, spec.numHeads(), spec.headDim())),
                RandomTensors.normal(2, 1, Shape.of(BATCH, spec.numKvHeads(), keys, spec.headDim())),
                RandomTensors.normal(3, 1, Shape.of(BATCH, spec.numKvHeads(), keys, spec.valueDim())));
    }

    private static List<Tensor> with(List<Tensor> run, Tensor extra) {
        return List.of(run.get(0), run.get(1), run.get(2), extra);
    }
}
