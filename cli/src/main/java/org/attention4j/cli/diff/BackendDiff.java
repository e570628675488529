package org.attention4j.cli.diff;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Tensor;

/** Runs the same tokens through a model on two backends and compares all values that both compute. */
public final class BackendDiff {
    private final double atol;
    private final double rtol;

    /** A value holds if nowhere {@code |x − y| > atol + rtol · max |y|}. */
    public BackendDiff(double atol, double rtol) {
        this.atol = atol;
        this.rtol = rtol;
    }

    /**
     * Compares.
     *
     * @param consumer receives the difference of each value in the order in which they are computed, chunk by chunk
     * @return what {@code backend} made of the model
     */
    public Plan run(
            ModelDefinition definition,
            Backend backend,
            Backend reference,
            int[] tokens,
            Consumer<ValueDifference> consumer) {
        int chunk = definition.kind() == ModelDefinition.Kind.ENCODER
                ? tokens.length
                : Math.min(backend.storage().prefillChunk(), reference.storage().prefillChunk());
        try (TappedModel actual = new TappedModel(definition, backend, tokens.length);
                TappedModel expected = new TappedModel(definition, reference, tokens.length)) {
            for (int start = 0; start < tokens.length; start += chunk) {
                int[] piece = Arrays.copyOfRange(tokens, start, Math.min(start + chunk, tokens.length));
                int firstToken = start;
                Map<String, Tensor> ours = actual.run(piece);
                expected.run(piece).forEach((value, y) -> {
                    Tensor x = ours.get(value);
                    if (x != null) {
                        consumer.accept(ValueDifference.of(value, firstToken, x, y, atol, rtol));
                    }
                });
            }
            return actual.plan();
        }
    }
}
