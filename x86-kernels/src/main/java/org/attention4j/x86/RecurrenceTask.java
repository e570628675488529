package org.attention4j.x86;

/** What kernels of recurrences are called with: addresses of one sequence's tensors, as the op says, and numbers. */
enum RecurrenceTask implements Field {
    STATE,
    QUERY,
    KEY,
    VALUE,
    LOG_DECAY,
    REMOVE,
    WRITE,
    BONUS,
    Y,
    NEXT_STATE,
    TOKENS,
    HEADS,
    /** How many heads one call goes through. */
    SHARE;

    static final int BYTES = values().length * Long.BYTES;
}
