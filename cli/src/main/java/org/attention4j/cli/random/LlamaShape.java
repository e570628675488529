package org.attention4j.cli.random;

import java.util.Map;
import java.util.TreeMap;
import org.attention4j.core.tensor.DType;

/**
 * The sizes of a llama model, or of one like Mixtral, with experts in place of MLPs.
 *
 * @param hiddenSize {@code d}; a multiple of {@code numHeads}
 * @param numLayers {@code layers}
 * @param numHeads {@code heads}
 * @param numKvHeads {@code kv}; divides {@code numHeads}
 * @param intermediateSize {@code ff}: rows of the MLP's inner matrices
 * @param vocabSize {@code vocab}
 * @param contextLength {@code context}
 * @param ropeTheta {@code theta}
 * @param numExperts {@code experts}, each with matrices of {@code intermediateSize} rows; 0: MLPs
 * @param numChosen {@code chosen}: through how many of them a token goes
 */
public record LlamaShape(
        int hiddenSize,
        int numLayers,
        int numHeads,
        int numKvHeads,
        int intermediateSize,
        int vocabSize,
        int contextLength,
        double ropeTheta,
        int numExperts,
        int numChosen)
        implements RandomShape {
    /** What sizes of such a model begin with. */
    static final String PREFIX = "llama:";

    private static final int LARGEST = 1 << 24;

    public LlamaShape {
        requireMultiple("d", hiddenSize, "heads", numHeads);
        requireMultiple("heads", numHeads, "kv", numKvHeads);
        if (hiddenSize / numHeads % 2 != 0) {
            throw new IllegalArgumentException("shape: d %d over heads %d is %d, expected an even head size"
                    .formatted(hiddenSize, numHeads, hiddenSize / numHeads));
        }
        if (numChosen > numExperts) {
            throw new IllegalArgumentException(
                    "shape: chosen is %d, expected at most experts %d".formatted(numChosen, numExperts));
        }
        if (vocabSize <= SyntheticVocabulary.SMALLEST) {
            throw new IllegalArgumentException(
                    "shape: vocab is %d, expected more than %d".formatted(vocabSize, SyntheticVocabulary.SMALLEST));
        }
    }

    /** With MLPs. */
    static LlamaShape dense(
            int hiddenSize, int layers, int heads, int kvHeads, int ff, int vocab, int context, double theta) {
        return new LlamaShape(hiddenSize, layers, heads, kvHeads, ff, vocab, context, theta, 0, 0);
    }

    private static void requireMultiple(String name, int value, String divisorName, int divisor) {
        if (value % divisor != 0) {
            throw new IllegalArgumentException(
                    "shape: %s %d is not a multiple of %s %d".formatted(name, value, divisorName, divisor));
        }
    }

    /**
     * Reads sizes such as {@code d=64,layers=2,heads=4}. What is not given is: {@code kv} as {@code heads}, {@code ff} four times
     * {@code d}, {@code vocab} 1000, {@code context} 2048, {@code theta} 10000, {@code experts} none, {@code chosen} 2 if there
     * are experts.
     *
     * @throws IllegalArgumentException if it is something else, saying what is wrong
     */
    static LlamaShape sized(String text) {
        Map<String, String> given = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length < 2 || given.put(pair[0], pair[1]) != null) {
                throw new IllegalArgumentException("shape: got '%s', expected NAME=NUMBER, each once".formatted(part));
            }
        }
        Sizes sizes = new Sizes(given);
        int hiddenSize = sizes.take("d", 0);
        int numHeads = sizes.take("heads", 0);
        boolean hasExperts = given.containsKey("experts");
        LlamaShape shape = new LlamaShape(
                hiddenSize,
                sizes.take("layers", 0),
                numHeads,
                sizes.take("kv", numHeads),
                sizes.take("ff", 4 * hiddenSize),
                sizes.take("vocab", 1000),
                sizes.take("context", 2048),
                sizes.theta(),
                hasExperts ? sizes.take("experts", 0) : 0,
                hasExperts ? sizes.take("chosen", 2) : 0);
        sizes.requireNoMore();
        return shape;
    }

    @Override
    public RandomGguf random(DType dtype, long seed) {
        RandomGguf model = new RandomGguf(dtype, seed);
        model.requireBlocks("d", hiddenSize);
        model.requireBlocks("ff", intermediateSize);
        new RandomLlama(this, model).add();
        return model;
    }

    /** Entries of one head. */
    public int headDim() {
        return hiddenSize / numHeads;
    }

    /** Sizes as text, taken one by one. */
    private record Sizes(Map<String, String> given) {
        /** A fallback of 0 stands for none. */
        int take(String name, int fallback) {
            String text = given.remove(name);
            double value = text == null ? fallback : number(name, text);
            if (value != Math.rint(value) || value < 1 || value > LARGEST) {
                throw new IllegalArgumentException("shape: %s is %s, expected an integer from 1 to %d"
                        .formatted(name, text == null ? "missing" : text, LARGEST));
            }
            return (int) value;
        }

        double theta() {
            String text = given.remove("theta");
            double value = text == null ? 1e4 : number("theta", text);
            if (!(value > 1 && value < 1e12)) {
                throw new IllegalArgumentException("shape: theta is %s, expected more than 1".formatted(text));
            }
            return value;
        }

        void requireNoMore() {
            if (!given.isEmpty()) {
                throw new IllegalArgumentException(
                        "shape: got %s, expected d, layers, heads, kv, ff, vocab, context, theta, experts, chosen"
                                .formatted(given.keySet()));
            }
        }

        private static double number(String name, String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("shape: %s is '%s', expected a number".formatted(name, text), e);
            }
        }
    }
}
