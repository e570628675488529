package org.attention4j.onnx.attention;

import java.util.ArrayList;
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

class MaskedAttentionTest {
    private static final Tolerance ROUNDING = new Tolerance(2e-6, 2e-6);
    private static final Dim KEYS = Dim.symbol("keys");
    private static final int BATCH = 2;
    private static final int SEQ = 5;
    private static final int ALL = 7;

    /** Of the second sequence the first three keys are hidden: its first token, whose own key is the third, sees nothing. */
    @Test
    void tokensThatSeeNothingGetZeros() {
        Tensor mask = Tensor.zeros(DType.BOOL, Shape.of(BATCH, 1, 1, ALL));
        for (int i = 0; i < ALL; i++) {
            mask.setLong(i, 1);
            mask.setLong(ALL + i, i < 3 ? 0 : 1);
        }
        check(AttentionSpec.causal(4, 2, 6), mask);
        check(AttentionSpec.causal(4, 2, 6).withWindow(2).withSoftcap(3), mask);
    }

    /** One of them far above all scores, one far below. */
    @Test
    void sinkLogitsEnlargeTheDenominator() {
        Tensor mask = Tensor.zeros(DType.BOOL, Shape.of(BATCH, 1, 1, ALL));
        for (int i = 0; i < 2 * ALL; i++) {
            mask.setLong(i, i < ALL + 3 && i >= ALL ? 0 : 1);
        }
        Tensor sinks = Tensor.f32(Shape.of(4), 0.5f, -2, 30, -40);
        check(AttentionSpec.causal(4, 2, 6), mask, sinks);
        check(AttentionSpec.causal(4, 2, 6).withWindow(2).withSoftcap(3), mask, sinks);
    }

    private static void check(AttentionSpec spec, Tensor mask, Tensor... sinks) {
        Dim kvHeads = Dim.of(spec.numKvHeads());
        Dim one = Dim.of(1);
        TensorType cache = TensorType.of(DType.F32, Dims.BATCH, kvHeads, KEYS, Dim.of(spec.headDim()));
        EnumSet<AttentionInput> extras = EnumSet.of(AttentionInput.MASK);
        List<Tensor> inputs = new ArrayList<>(List.of(
                RandomTensors.normal(1, 1, Shape.of(BATCH, SEQ, spec.numHeads(), spec.headDim())),
                RandomTensors.normal(2, 1, Shape.of(BATCH, spec.numKvHeads(), ALL, spec.headDim())),
                RandomTensors.normal(3, 1, Shape.of(BATCH, spec.numKvHeads(), ALL, spec.headDim())),
                mask));
        for (Tensor s : sinks) {
            extras.add(AttentionInput.SINK_LOGITS);
            inputs.add(s);
        }
        OneOp op = new OneOp(new Attention(spec, extras))
                .input(TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(spec.numHeads()), Dim.of(spec.headDim())))
                .input(cache)
                .input(cache)
                .input(TensorType.of(DType.BOOL, Dims.BATCH, one, one, KEYS));
        if (sinks.length > 0) {
            op.input(TensorType.of(DType.F32, Dim.of(spec.numHeads())));
        }
        op.check("masked_attention", ROUNDING, List.of(inputs));
    }
}
