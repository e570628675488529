package org.attention4j.core.pooling;

/** How the vectors of a text's tokens become one: see the package's formulas. */
public enum Pooling {
    /** The mean of all tokens. */
    MEAN,
    /** The first token. */
    CLS,
    /** The last token. */
    LAST,
    /** The largest of each entry. */
    MAX,
    /** The first token through a dense layer of the model's own. */
    POOLER
}
