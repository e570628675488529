package org.attention4j.core.generate;

/** Why a generation ended. */
public enum StopReason {
    /** The model chose a token that ends a text, or one that the caller stops at. It is not part of the result. */
    END_TOKEN,
    /** A stop string came; neither it nor what follows it is part of the text. */
    STOP_STRING,
    /** As many tokens were generated as were asked for. */
    MAX_TOKENS,
    /** There is no room in the session's context for the last token. */
    CONTEXT_FULL,
    /** The time was up. */
    DEADLINE,
    /** The caller cancelled it or interrupted its thread. */
    CANCELLED
}
