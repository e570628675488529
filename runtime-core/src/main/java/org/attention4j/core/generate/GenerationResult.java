package org.attention4j.core.generate;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A finished generation.
 *
 * @param text what was generated, up to a stop string if there was one
 * @param tokens the tokens generated; with a stop string, those that spell it included
 * @param statistics counts, times and why it ended
 */
public record GenerationResult(String text, List<Integer> tokens, GenerationStatistics statistics) {
    public GenerationResult {
        tokens = ImmutableList.copyOf(tokens);
    }
}
