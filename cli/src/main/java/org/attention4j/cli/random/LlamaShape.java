package org.attention4j.cli.random;

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

    /** The sizes that every such model has. */
    static final String NAMES = "d, layers, heads, kv, ff, vocab, context, theta";

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
        Sizes sizes = Sizes.parse(text);
        boolean hasExperts = sizes.has("experts");
        LlamaShape shape =
                of(sizes, hasExperts ? sizes.take("experts", 0) : 0, hasExperts ? sizes.take("chosen", 2) : 0);
        sizes.requireNoMore(NAMES + ", experts, chosen");
        return shape;
    }

    /** Takes the sizes of a model with MLPs. */
    static LlamaShape taken(Sizes sizes) {
        return of(sizes, 0, 0);
    }

    private static LlamaShape of(Sizes sizes, int numExperts, int numChosen) {
        int hiddenSize = sizes.take("d", 0);
        int numHeads = sizes.take("heads", 0);
        return new LlamaShape(
                hiddenSize,
                sizes.take("layers", 0),
                numHeads,
                sizes.take("kv", numHeads),
                sizes.take("ff", 4 * hiddenSize),
                sizes.take("vocab", 1000),
                sizes.take("context", 2048),
                sizes.theta(),
                numExperts,
                numChosen);
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
}
