package org.attention4j.loaders.chat;

import org.attention4j.loaders.ModelFormatException;

/**
 * A conversation that can't be written as its template wants it: the template is wrong, or goes beyond its limits, or refuses the
 * conversation, as many do where users and assistants don't take turns. The message is one line.
 */
public final class ChatTemplateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** An error in the template of {@code source}; {@code detail} may hold text of the template. */
    ChatTemplateException(String source, String detail) {
        super(ModelFormatException.oneLine(source + ": chat template: " + detail));
    }
}
