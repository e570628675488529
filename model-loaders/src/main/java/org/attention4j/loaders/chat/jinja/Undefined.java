package org.attention4j.loaders.chat.jinja;

/**
 * What a name or attribute that does not exist gives: empty, false, and an error as soon as more is asked of it.
 *
 * @param reason why, for that error
 */
record Undefined(String reason) {
    TemplateFailure failure() {
        return new TemplateFailure(reason);
    }
}
