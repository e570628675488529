package org.attention4j.cli.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OnnxFile;

/** How much results change when inputs change in their last place: as much as rounding changes them. */
final class LastPlaces {
    private static final long SEED = 31;

    private static final int RUNS = 16;

    private LastPlaces() {}

    /**
     * Whether ONNX Runtime's results change by more than a tolerance.
     *
     * @param results of the inputs as they are
     * @return if they do, a sentence that says by how much
     */
    static Optional<String> instability(
            OnnxFile file, Map<String, Tensor> inputs, Map<String, Tensor> results, Tolerance tolerance) {
        Random random = new Random(SEED);
        double largest = 0;
        boolean outside = false;
        for (int i = 0; i < RUNS; i++) {
            Map<String, Tensor> moved = new LinkedHashMap<>();
            inputs.forEach((name, t) -> moved.put(name, moved(t, random)));
            for (Map.Entry<String, Tensor> e : file.run(moved).entrySet()) {
                Tensor y = results.get(e.getKey());
                if (y != null) {
                    Comparison c = Comparison.of(e.getKey(), e.getValue(), y, tolerance);
                    largest = Math.max(largest, c.maxError());
                    outside |= c.mismatch().isPresent();
                }
            }
        }
        // Some are numbers in one run and none in another.
        String change = Double.isNaN(largest) ? "to NaN" : "by %.1e".formatted(largest);
        return outside
                ? Optional.of(
                        "ONNX Runtime's own results change %s when inputs change in their last place".formatted(change))
                : Optional.empty();
    }

    /** With each float one place up, one down, or as it was. */
    private static Tensor moved(Tensor t, Random random) {
        if (t.dtype() != DType.F32) {
            return t;
        }
        Tensor out = Tensor.zeros(t.dtype(), t.shape());
        for (long i = 0; i < t.shape().elements(); i++) {
            float x = (float) t.getDouble(i);
            out.setDouble(
                    i,
                    switch (random.nextInt(3)) {
                        case 0 -> Math.nextUp(x);
                        case 1 -> Math.nextDown(x);
                        default -> x;
                    });
        }
        return out;
    }
}
