package org.attention4j.loaders;

/**
 * Whose conventions the values of a checkpoint's weights follow. The same model may be stored with rows in another order, a
 * matrix transposed or a constant folded in; an {@code Architecture} asks for the layout where that matters.
 */
public enum WeightLayout {
    /** As Hugging Face transformers stores them: rotary embeddings rotate halves. */
    TRANSFORMERS,
    /**
     * As llama.cpp's converter leaves them in GGUF: query and key rows of {@code llama} models are permuted so that rotary
     * embeddings rotate neighbouring pairs, {@code gpt2}'s matrices are transposed to {@code [out, in]}, fused projections of
     * {@code falcon} are reordered to queries, keys, values.
     */
    GGML
}
