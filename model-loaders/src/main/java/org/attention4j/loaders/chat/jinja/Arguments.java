package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values given to a function, filter or test.
 *
 * @param what its name, for errors
 */
record Arguments(String what, List<Object> positional, Map<String, Object> named) {
    /** Checks that there are no more positional arguments than {@code most}, and no named ones but these. */
    Arguments atMost(int most, String... names) {
        if (positional.size() > most) {
            throw new TemplateFailure(
                    "%s: got %d arguments, expected at most %d".formatted(what, positional.size(), most));
        }
        for (String name : named.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new TemplateFailure("%s: got an argument '%s', expected %s"
                        .formatted(what, name, names.length == 0 ? "none by name" : String.join(", ", names)));
            }
        }
        return this;
    }

    /** An argument by its place or name. */
    Optional<Object> find(int index, String name) {
        return index < positional.size() ? Optional.of(positional.get(index)) : Optional.ofNullable(named.get(name));
    }

    /** The same where {@code None} means that there is none. */
    Optional<Object> findSome(int index, String name) {
        return find(index, name).filter(value -> value != None.NONE);
    }

    /** A required argument. */
    Object get(int index, String name) {
        return find(index, name)
                .orElseThrow(() -> new TemplateFailure("%s: missing argument '%s'".formatted(what, name)));
    }

    /** A required string. */
    String text(int index, String name) {
        return text(name, get(index, name));
    }

    /** A string. */
    String text(int index, String name, String fallback) {
        return find(index, name).map(value -> text(name, value)).orElse(fallback);
    }

    /** A required 32-bit integer. */
    int integer(int index, String name) {
        return integer(name, get(index, name));
    }

    /** A 32-bit integer. */
    int integer(int index, String name, int fallback) {
        return find(index, name).map(value -> integer(name, value)).orElse(fallback);
    }

    /** A truth value, of anything. */
    boolean flag(int index, String name, boolean fallback) {
        return find(index, name).map(Values::isTrue).orElse(fallback);
    }

    private String text(String name, Object value) {
        if (!(value instanceof String text)) {
            throw TemplateFailure.unexpected(what + ", argument " + name, value, "a string");
        }
        return text;
    }

    private int integer(String name, Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (!(value instanceof Long number) || number != number.intValue()) {
            throw TemplateFailure.unexpected(what + ", argument " + name, value, "a 32-bit integer");
        }
        return number.intValue();
    }
}
