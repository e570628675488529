package org.attention4j.core.model;

/**
 * A model's name and outer sizes.
 *
 * @param architecture such as {@code llama}
 * @param name what its author called it; may be empty
 * @param vocabSize how many token ids there are
 * @param hiddenSize entries of a token's hidden state
 * @param contextLength tokens for which the model was trained
 */
public record ModelInfo(String architecture, String name, int vocabSize, int hiddenSize, int contextLength) {
    public ModelInfo {
        if (vocabSize < 1 || hiddenSize < 1 || contextLength < 1) {
            throw new IllegalArgumentException(
                    "model %s: got vocabSize %d, hiddenSize %d, contextLength %d; expected positive numbers"
                            .formatted(architecture, vocabSize, hiddenSize, contextLength));
        }
    }
}
