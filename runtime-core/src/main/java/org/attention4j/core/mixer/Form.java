package org.attention4j.core.mixer;

/** The ways in which one mixer can be computed; all give the same result. */
public enum Form {
    /** Whole sequences by matrix products. */
    PARALLEL,
    /** Matrix products inside a chunk, a carried state between chunks: for long prefill. */
    CHUNKED,
    /** Token by token. */
    RECURRENT
}
