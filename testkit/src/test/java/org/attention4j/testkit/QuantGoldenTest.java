package org.attention4j.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every block-quantised dtype decodes to the reference's floats. */
class QuantGoldenTest {
    @TestFactory
    Stream<DynamicTest> blocksDecodeToTheReferencesFloats() {
        GoldenData golden = GoldenData.assumePresent();
        return Arrays.stream(DType.values())
                .filter(DType::isQuantized)
                .flatMap(dtype -> golden.cases("gguf_%s_random_bytes".formatted(dtype)).stream()
                        .map(c -> dynamicTest(c.id(), () -> check(dtype, c))));
    }

    private static void check(DType dtype, GoldenCase c) {
        Tensor raw = Optional.ofNullable(c.inputs().get("raw")).orElseThrow();
        Tensor out = Optional.ofNullable(c.outputs().get("out")).orElseThrow();
        Shape shape = out.shape();
        float[] decoded = Tensor.of(dtype, shape, raw.data()).toFloatArray();
        Compare.assertClose(c.id(), out, Tensor.f32(shape, decoded), Tolerance.EXACT);
    }
}
