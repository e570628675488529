package org.attention4j.core.mixer.linearattention;

/** What fades together when a token comes. */
public enum Decay {
    /** Nothing fades. */
    NONE,
    /** The whole state of a head: {@code log_decay [batch, seq, heads]}. */
    HEAD,
    /** Each row of a head's state: {@code log_decay [batch, seq, heads, keyDim]}. */
    KEY
}
