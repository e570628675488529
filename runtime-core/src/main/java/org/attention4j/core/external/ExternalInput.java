package org.attention4j.core.external;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.tensor.DType;

/**
 * An input of an external decoder that is no state.
 *
 * @param name the engine's name of it
 * @param role what it is to be given
 * @param dtype in which type
 * @param dims its sizes, −1 where one is not fixed; a fixed last one may ask for what is longer than a run
 */
public record ExternalInput(String name, Role role, DType dtype, List<Long> dims) {
    public ExternalInput {
        dims = ImmutableList.copyOf(dims);
    }

    /** What an input means. */
    public enum Role {
        /** {@code [batch, seq]}: token ids. */
        TOKENS,
        /** {@code [batch, past + seq]}: 1 for each token seen and given. */
        ATTENTION_MASK,
        /** {@code [batch, seq]} or {@code [n, batch, seq]}: positions of the given tokens. */
        POSITIONS,
        /** {@code [seq]}: the same of one sequence. */
        CACHE_POSITIONS,
        /** One truth value: whether tokens were seen before. */
        HAS_PAST,
        /** One number: of how many of the last given tokens logits are wanted, 0 for all. */
        LOGITS_TO_KEEP,
        /** One number: tokens seen before. */
        PAST_LENGTH,
        /** One number: tokens seen and given. */
        TOTAL_LENGTH,
        /** One number: tokens seen and given, less one. */
        LAST_POSITION,
        /** {@code [batch, seq]}: 0 for each given token. */
        TOKEN_TYPES
    }
}
