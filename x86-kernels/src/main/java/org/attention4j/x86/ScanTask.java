package org.attention4j.x86;

/** What kernels of selective scans are called with: addresses of one sequence's tensors, as the op says, and numbers. */
enum ScanTask implements Field {
    STATE,
    U,
    DELTA,
    A,
    B,
    C,
    Y,
    NEXT_STATE,
    TOKENS,
    CHANNELS,
    /** How many channels one call goes through. */
    SHARE;

    static final int BYTES = values().length * Long.BYTES;
}
