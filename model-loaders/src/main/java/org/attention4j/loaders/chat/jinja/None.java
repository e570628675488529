package org.attention4j.loaders.chat.jinja;

/** Python's {@code None}, so that no variable is ever {@code null}. */
enum None {
    /** The one value. */
    NONE
}
