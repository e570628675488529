package org.attention4j.core.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.attention4j.core.session.TopLogits;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int DRAWS = 20_000;
    private static final SamplingOptions PLAIN =
            SamplingOptions.GREEDY.withTemperature(1).withSeed(7);

    /** Logits of the probabilities 0.1, 0.4, 0.2, 0.25, 0.05. */
    private static final Tensor FIVE = logits(0.1, 0.4, 0.2, 0.25, 0.05);

    @Test
    void greedyTakesTheHighestAndOfEqualOnesTheFirst() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY, 4);
        assertEquals(2, sampler.sample(Tensor.f32(Shape.of(4), -1, 0, 3, 2)));
        assertEquals(1, sampler.sample(Tensor.f32(Shape.of(4), -1, 5, 5, 5)));
    }

    @Test
    void drawsFollowTheProbabilities() {
        assertDistribution(PLAIN, FIVE, 0.1, 0.4, 0.2, 0.25, 0.05);
    }

    @Test
    void temperatureSharpensAndFlattens() {
        double[] p = {0.1, 0.4, 0.2, 0.25, 0.05};
        for (double t : new double[] {0.5, 2}) {
            double[] expected = Arrays.stream(p).map(x -> Math.pow(x, 1 / t)).toArray();
            double sum = Arrays.stream(expected).sum();
            assertDistribution(
                    PLAIN.withTemperature(t),
                    FIVE,
                    Arrays.stream(expected).map(x -> x / sum).toArray());
        }
    }

    @Test
    void topKKeepsTheMostProbable() {
        assertDistribution(PLAIN.withTopK(3), FIVE, 0, 0.4 / 0.85, 0.2 / 0.85, 0.25 / 0.85, 0);
        assertDistribution(PLAIN.withTopK(1), FIVE, 0, 1, 0, 0, 0);
        assertDistribution(PLAIN.withTopK(99), FIVE, 0.1, 0.4, 0.2, 0.25, 0.05);
    }

    @Test
    void topKOfEqualLogitsKeepsTheLowestIds() {
        assertDistribution(PLAIN.withTopK(2), logits(0.2, 0.2, 0.2, 0.2, 0.2), 0.5, 0.5, 0, 0, 0);
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertDistribution(PLAIN.withTopP(0.6), FIVE, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        assertDistribution(PLAIN.withTopP(0.7), FIVE, 0, 0.4 / 0.85, 0.2 / 0.85, 0.25 / 0.85, 0);
        assertDistribution(PLAIN.withTopP(1e-9), FIVE, 0, 1, 0, 0, 0);
    }

    @Test
    void topPCountsOfWhatTopKLeft() {
        // Of 0.4 and 0.25, the first has 0.615.
        assertDistribution(PLAIN.withTopK(2).withTopP(0.6), FIVE, 0, 1, 0, 0, 0);
        assertDistribution(PLAIN.withTopK(2).withTopP(0.62), FIVE, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
    }

    @Test
    void minPKeepsWhatIsCloseToTheHighest() {
        assertDistribution(PLAIN.withMinP(0.45), FIVE, 0, 0.4 / 0.85, 0.2 / 0.85, 0.25 / 0.85, 0);
        assertDistribution(PLAIN.withMinP(1), FIVE, 0, 1, 0, 0, 0);
        assertDistribution(PLAIN.withMinP(0.45).withTopK(2), FIVE, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        assertDistribution(PLAIN.withMinP(0.6).withTopP(0.99), FIVE, 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
    }

    @Test
    void selectionFromALargeVocabularyAgreesWithSorting() {
        Random random = new Random(3);
        float[] x = new float[5000];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(400) / 40f;
        }
        int[] sorted = IntStream.range(0, x.length)
                .boxed()
                .sorted((a, b) -> x[a] == x[b] ? Integer.compare(a, b) : Float.compare(x[b], x[a]))
                .mapToInt(i -> i)
                .toArray();
        Candidates candidates = new Candidates(x);
        candidates.fill(x.length);
        candidates.take(300);
        int[] taken =
                IntStream.range(0, 300).map(r -> candidates.taken(x.length, r)).toArray();
        assertArrayEquals(Arrays.copyOf(sorted, 300), taken);
    }

    @Test
    void theLargestLogitsAreEnoughForGreedyAndTopK() {
        Random random = new Random(5);
        int vocab = 300;
        SamplingOptions top = PLAIN.withTemperature(2).withTopK(20);
        for (SamplingOptions options :
                List.of(SamplingOptions.GREEDY, top, top.withTopP(0.5), top.withMinP(0.3), top.withTopK(1))) {
            Sampler ofAll = new Sampler(options, vocab);
            Sampler ofSome = new Sampler(options, vocab);
            int enough = ofSome.enough().orElseThrow();
            for (int draw = 0; draw < 50; draw++) {
                // Of few values, so that many are equal.
                float[] logits = new float[vocab];
                for (int i = 0; i < vocab; i++) {
                    logits[i] = random.nextInt(12) - 4;
                }
                int expected = ofAll.sample(Tensor.f32(Shape.of(vocab), logits));
                assertEquals(expected, ofSome.sample(largest(logits, enough), vocab), options::toString);
            }
        }
        assertTrue(new Sampler(PLAIN, vocab).enough().isEmpty());
        assertTrue(new Sampler(top.withRepetitionPenalty(2, 9), vocab).enough().isEmpty());
    }

    private static TopLogits largest(float[] logits, int count) {
        int[] ids = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
                .mapToInt(Integer::intValue)
                .limit(count)
                .toArray();
        Tensor values = Tensor.zeros(DType.F32, Shape.of(count));
        Tensor where = Tensor.zeros(DType.I64, Shape.of(count));
        for (int i = 0; i < count; i++) {
            values.setDouble(i, logits[ids[i]]);
            where.setLong(i, ids[i]);
        }
        return new TopLogits(values, where);
    }

    @Test
    void ofTheLargestLogitsTooNoNumbersAreErrors() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY, 9);
        TopLogits top = new TopLogits(Tensor.f32(Shape.of(1), Float.NaN), Tensor.i64(Shape.of(1), 7));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> sampler.sample(top, 9));
        assertEquals("logits: token 7 has NaN, expected a number", e.getMessage());
    }

    @Test
    void tokensThatAreRuledOutAreNeverDrawn() {
        Tensor x = Tensor.f32(Shape.of(3), Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY);
        for (SamplingOptions o :
                new SamplingOptions[] {PLAIN, PLAIN.withTopK(3), PLAIN.withTopP(0.999), PLAIN.withMinP(0.1)}) {
            assertDistribution(o, x, 0, 1, 0);
        }
    }

    @Test
    void repetitionPenaltyLowersRecentTokensOnce() {
        SamplingOptions options = SamplingOptions.GREEDY.withRepetitionPenalty(2, 3);
        Tensor x = Tensor.f32(Shape.of(3), 4, 3, -1);
        Sampler sampler = new Sampler(options, 3);
        assertEquals(0, sampler.sample(x));
        sampler.accept(0);
        sampler.accept(0);
        assertEquals(1, sampler.sample(x), "4 / 2 < 3");
        sampler.accept(1);
        assertEquals(0, sampler.sample(x), "4 / 2 > 3 / 2");
        sampler.accept(1);
        sampler.accept(2);
        assertEquals(0, sampler.sample(x), "0 is not recent any more");
    }

    @Test
    void repetitionPenaltyMultipliesNegativeLogits() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY.withRepetitionPenalty(2, 64), 2);
        sampler.accept(0);
        assertEquals(1, sampler.sample(Tensor.f32(Shape.of(2), -1, -1.5f)));
    }

    @Test
    void aLongRepetitionWindowIsKept() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY.withRepetitionPenalty(10, 100), 2);
        sampler.accept(0);
        for (int i = 0; i < 99; i++) {
            sampler.accept(1);
        }
        Tensor x = Tensor.f32(Shape.of(2), 10, 9);
        assertEquals(0, sampler.sample(x), "both are recent");
        sampler.accept(1);
        sampler.accept(0);
        assertEquals(0, sampler.sample(x), "both are recent again");
        for (int i = 0; i < 100; i++) {
            sampler.accept(0);
        }
        assertEquals(1, sampler.sample(x), "only 0 is recent");
    }

    @Test
    void equalSeedsDrawEqually() {
        assertArrayEquals(draws(PLAIN, FIVE, 50), draws(PLAIN, FIVE, 50));
        assertNotEquals(Arrays.toString(draws(PLAIN, FIVE, 50)), Arrays.toString(draws(PLAIN.withSeed(8), FIVE, 50)));
    }

    @Test
    void fewerLogitsThanTheVocabularyRuleOutTheRest() {
        Sampler sampler = new Sampler(PLAIN.withTopK(4), 100);
        for (int i = 0; i < 50; i++) {
            assertTrue(sampler.sample(FIVE) < 5);
        }
    }

    @Test
    void logitsThatAreNoNumbersAreErrors() {
        Sampler sampler = new Sampler(PLAIN, 3);
        assertFails(sampler, Tensor.f32(Shape.of(3), 1, Float.NaN, 2), "logits: token 1 has NaN, expected a number");
        assertFails(
                sampler,
                Tensor.f32(Shape.of(2), 1, Float.POSITIVE_INFINITY),
                "logits: token 1 has Infinity, expected a number");
        assertFails(
                sampler,
                Tensor.f32(Shape.of(2), Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY),
                "logits: all of 2 tokens are ruled out");
        assertFails(
                sampler,
                Tensor.zeros(DType.F32, Shape.of(4)),
                "logits: got F32[4], expected F32[n] with n from 1 to 3");
        assertFails(
                sampler,
                Tensor.zeros(DType.F16, Shape.of(3)),
                "logits: got F16[3], expected F32[n] with n from 1 to 3");
    }

    private static void assertFails(Sampler sampler, Tensor logits, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> sampler.sample(logits));
        assertEquals(message, e.getMessage());
    }

    private static Tensor logits(double... probabilities) {
        float[] x = new float[probabilities.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.log(probabilities[i]) + 3;
        }
        return Tensor.f32(Shape.of(x.length), x);
    }

    private static int[] draws(SamplingOptions options, Tensor logits, int n) {
        Sampler sampler = new Sampler(options, (int) logits.shape().elements());
        return IntStream.range(0, n).map(i -> sampler.sample(logits)).toArray();
    }

    /** Each count is within four standard deviations of what a draw of independent tokens gives. */
    private static void assertDistribution(SamplingOptions options, Tensor logits, double... expected) {
        int[] counts = new int[expected.length];
        for (int token : draws(options, logits, DRAWS)) {
            counts[token]++;
        }
        for (int i = 0; i < expected.length; i++) {
            double p = expected[i];
            assertEquals(
                    DRAWS * p, counts[i], 4 * Math.sqrt(DRAWS * p * (1 - p)) + 1e-9, "token " + i + " with " + options);
        }
    }
}
