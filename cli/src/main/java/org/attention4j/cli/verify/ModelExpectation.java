package org.attention4j.cli.verify;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.Optional;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsFile;

/**
 * What a model is to give.
 *
 * @param prompt the tokens before those that are generated
 * @param sequence the prompt and some tokens more
 * @param logits {@code F32[sequence, vocabSize]}: after each token of the sequence
 * @param greedy the most probable tokens after the prompt, each given those before it
 * @param greedyLogits {@code F32[greedy, vocabSize]}: of which these are the most probable
 * @param tolerance how near the logits must come
 */
record ModelExpectation(
        ImmutableIntArray prompt,
        ImmutableIntArray sequence,
        Tensor logits,
        ImmutableIntArray greedy,
        Tensor greedyLogits,
        Tolerance tolerance) {

    /** What was recorded with weights in full precision. The file may be closed afterwards. */
    static ModelExpectation recorded(GoldenModel golden) {
        try (SafetensorsFile file = SafetensorsFile.open(golden.reference())) {
            ImmutableIntArray prompt = ids(file.tensor("input_ids"));
            ImmutableIntArray sequence = ids(file.tensor("sequence_ids"));
            Tensor logits = copy(file.tensor("logits"));
            long vocabSize = logits.shape().dim(1);
            ImmutableIntArray greedy = golden.greedy();
            // The sequence is the prompt and the greedy tokens: what they were chosen from begins after the prompt.
            long rowBytes = vocabSize * Float.BYTES;
            Tensor greedyLogits = Tensor.of(
                    logits.dtype(),
                    Shape.of(greedy.length(), vocabSize),
                    logits.data().asSlice((prompt.length() - 1) * rowBytes, greedy.length() * rowBytes));
            return new ModelExpectation(prompt, sequence, logits, greedy, greedyLogits, golden.tolerance());
        }
    }

    /** How logits differ from the expected ones. */
    Comparison compare(Tensor actual) {
        return Comparison.of("logits", actual, logits, tolerance);
    }

    /**
     * The first greedy token that differs from the expected one, unless the two are within tolerance of each other, where
     * the rest is left open.
     */
    Optional<String> compareGreedy(ImmutableIntArray actual) {
        int i = Arrays.mismatch(actual.toArray(), greedy.toArray());
        if (i < 0) {
            return Optional.empty();
        }
        long row = i * greedyLogits.shape().dim(1);
        double best = greedyLogits.getDouble(row + greedy.get(i));
        double chosen = greedyLogits.getDouble(row + actual.get(i));
        double near = 2 * (tolerance.absolute() + tolerance.relative() * Math.abs(best));
        return best - chosen <= near
                ? Optional.empty()
                : Optional.of("greedy token %d is %d, expected %d".formatted(i, actual.get(i), greedy.get(i)));
    }

    private static ImmutableIntArray ids(Tensor tensor) {
        return ImmutableIntArray.copyOf(Arrays.stream(tensor.toLongArray()).mapToInt(Math::toIntExact));
    }

    private static Tensor copy(Tensor mapped) {
        return Tensor.f32(mapped.shape(), mapped.toFloatArray());
    }
}
