package org.attention4j.onnx.rwkv;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.rwkv.TokenMix;
import org.attention4j.core.mixer.rwkv.TokenShift;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.attention4j.x86.Processor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Shifts and mixes of tokens against the reference backend. */
class OnnxTokenShiftTest {
    private static final int HIDDEN = 24;
    private static final TensorType TOKENS = TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(HIDDEN));

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    private static Tensor random(int seed, long... dims) {
        return RandomTensors.normal(seed, 1, Shape.of(dims));
    }

    /** Copies are exact. */
    @Test
    void shiftsSequencesOfAnyLength() {
        List<List<Tensor>> runs = IntStream.of(1, 2, 9)
                .mapToObj(seq -> List.of(random(seq, 3, HIDDEN), random(seq + 50, 3, seq, HIDDEN)))
                .toList();
        new OneOp(new TokenShift(false))
                .input(TensorType.of(DType.F32, Dims.BATCH, Dim.of(HIDDEN)))
                .input(TOKENS)
                .check("copied_shift", new Tolerance(0, 0), runs);
    }

    @Test
    void mixesAreOneFunction() {
        OneOp op = new OneOp(new TokenMix(3)).input(TOKENS).input(TOKENS);
        IntStream.range(0, 3).forEach(i -> op.weight(random(i, HIDDEN)));
        op.check(
                List.of("separate_mixes", "generated_rows"),
                new Tolerance(1e-6, 1e-6),
                List.of(List.of(random(7, 2, 5, HIDDEN), random(8, 2, 5, HIDDEN))));
    }
}
