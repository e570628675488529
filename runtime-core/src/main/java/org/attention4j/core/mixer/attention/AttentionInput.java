package org.attention4j.core.mixer.attention;

import java.util.Locale;

/** The inputs that attention may have beyond queries, keys and values; the composites take them in this order. */
public enum AttentionInput {
    /** {@code I64[batch, seq]}: positions of the queries. Comes with {@link #KEY_POSITIONS}. */
    QUERY_POSITIONS,
    /** {@code I64[batch, keys]}: positions of the keys; a negative one says that there is no key. */
    KEY_POSITIONS,
    /** {@code I64[batch]}: how many of the new tokens are no padding. */
    LENGTHS,
    /** {@code F32}, broadcast to {@code [batch, numHeads, seq, keys]}: added to the scores. */
    BIAS,
    /** {@code F32}, broadcast to {@code [batch, numHeads, seq, slots]}: added to the scores of cached keys. */
    PAST_BIAS,
    /** {@code BOOL}, broadcast to {@code [batch, numHeads, seq, keys]}: true where the key is visible. */
    MASK,
    /** {@code F32[numHeads]}: ALiBi's slopes. */
    ALIBI_SLOPES,
    /** {@code F32[numHeads]}: learned logits that only enlarge the denominator. */
    SINK_LOGITS,
    /** {@code F32[batch, seq, numHeads, headDim]}: queries as they score against the sink tokens. */
    SINK_QUERY;

    /** The input's name in the composites: the constant's in lower case. */
    public String inputName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
