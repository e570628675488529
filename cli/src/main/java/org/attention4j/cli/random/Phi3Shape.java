package org.attention4j.cli.random;

import org.attention4j.core.tensor.DType;

/**
 * The sizes of a Phi 3 model: a llama with queries, keys and values in one matrix, gate and up in another, and maybe a sliding window
 * in every layer, which GGUF files of llama models can't have.
 *
 * @param sizes all others; no experts
 * @param window {@code window}: how many tokens a token sees, itself among them, fewer than the context; 0: all
 */
record Phi3Shape(LlamaShape sizes, int window) implements RandomShape {
    /** What sizes of such a model begin with. */
    static final String PREFIX = "phi3:";

    private static final String ARCHITECTURE = "phi3";

    Phi3Shape {
        if (window >= sizes.contextLength()) {
            throw new IllegalArgumentException(
                    "shape: window is %d, expected less than context %d".formatted(window, sizes.contextLength()));
        }
    }

    /**
     * Reads sizes as {@link LlamaShape#sized} does, and {@code window}, by default none; there are no experts.
     *
     * @throws IllegalArgumentException if it is something else, saying what is wrong
     */
    static Phi3Shape sized(String text) {
        Sizes sizes = Sizes.parse(text);
        LlamaShape llama = LlamaShape.taken(sizes);
        int window = sizes.has("window") ? sizes.take("window", 0) : 0;
        sizes.requireNoMore(LlamaShape.NAMES + ", window");
        return new Phi3Shape(llama, window);
    }

    @Override
    public RandomGguf random(DType dtype, long seed) {
        RandomGguf model = new RandomGguf(dtype, seed);
        long d = sizes.hiddenSize();
        long ff = sizes.intermediateSize();
        model.requireBlocks("d", sizes.hiddenSize());
        model.requireBlocks("ff", sizes.intermediateSize());
        RandomLlama.hyperparameters(model, ARCHITECTURE, sizes);
        if (window > 0) {
            model.metadata().uint32(ARCHITECTURE + ".attention.sliding_window", window);
        }
        model.matrix("token_embd", sizes.vocabSize(), d);
        for (int i = 0; i < sizes.numLayers(); i++) {
            String layer = "blk." + i + ".";
            model.norm(layer + "attn_norm", sizes.hiddenSize(), false);
            model.matrix(layer + "attn_qkv", d + 2L * sizes.numKvHeads() * sizes.headDim(), d);
            model.matrix(layer + "attn_output", d, d);
            model.norm(layer + "ffn_norm", sizes.hiddenSize(), false);
            model.matrix(layer + "ffn_up", 2 * ff, d);
            model.matrix(layer + "ffn_down", d, ff);
        }
        model.norm("output_norm", sizes.hiddenSize(), false);
        return model;
    }
}
