package org.attention4j.core.generate;

import java.time.Duration;

/**
 * What a generation did. The times are those of the model and the sampler, not of whoever reads the tokens.
 *
 * @param promptTokens prompt tokens that went through the model
 * @param generatedTokens tokens generated, without the one that ended the text
 * @param decodedTokens tokens that went through the model after the prompt; the first generated token needs none
 * @param prefill the time for the prompt
 * @param decode the time for {@code decodedTokens}
 * @param stopReason why it ended
 */
public record GenerationStatistics(
        int promptTokens,
        int generatedTokens,
        int decodedTokens,
        Duration prefill,
        Duration decode,
        StopReason stopReason) {
    /** Prompt tokens per second; 0 if there were none. */
    public double prefillTokensPerSecond() {
        return rate(promptTokens, prefill);
    }

    /** Decoded tokens per second; 0 if there were none. */
    public double decodeTokensPerSecond() {
        return rate(decodedTokens, decode);
    }

    private static double rate(int tokens, Duration time) {
        return tokens == 0 ? 0 : tokens * 1e9 / Math.max(1, time.toNanos());
    }
}
