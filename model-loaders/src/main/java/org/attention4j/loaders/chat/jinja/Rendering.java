package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.Jinjava;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What all scopes of one rendering share.
 *
 * @param engine the engine with its filters, tests and tags
 * @param budget what may still be spent
 * @param headers the expressions and tags of the template that were parsed so far, by their text
 */
record Rendering(Jinjava engine, Budget budget, ParsedHeaders headers) {
    /** Expressions and headers of tags, parsed once for each template. */
    static final class ParsedHeaders {
        private final ConcurrentMap<String, Expression> expressions = new ConcurrentHashMap<>();
        private final ConcurrentMap<String, ForTag.Header> loops = new ConcurrentHashMap<>();
        private final ConcurrentMap<String, SetTag.Header> assignments = new ConcurrentHashMap<>();

        Expression expression(String text) {
            return expressions.computeIfAbsent(text, ExpressionParser::parse);
        }

        ForTag.Header loop(String text) {
            return loops.computeIfAbsent(text, ForTag.Header::parse);
        }

        SetTag.Header assignment(String text) {
            return assignments.computeIfAbsent(text, SetTag.Header::parse);
        }
    }

    /** The functions that every template may call. */
    Map<String, Object> globals(ZonedDateTime now) {
        return Globals.all(budget, now);
    }
}
