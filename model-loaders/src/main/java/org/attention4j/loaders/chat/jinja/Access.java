package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a value gives under a name, an index or a range. */
final class Access {
    private final Budget budget;

    Access(Budget budget) {
        this.budget = budget;
    }

    /** {@code base.name}: an attribute or method, else what a map has under this key. */
    Object attribute(Object base, String name) {
        return find(base, name).or(() -> entry(base, name)).orElseGet(() -> missing(base, name));
    }

    /** {@code base[key]}: an element or what a map has under this key, else an attribute or method. */
    Object item(Object base, Object key) {
        Optional<Object> element = key instanceof Long index ? element(base, index) : entry(base, key);
        return element.or(() -> key instanceof String name ? find(base, name) : Optional.empty())
                .orElseGet(() -> missing(base, key));
    }

    private Optional<Object> find(Object base, String name) {
        return switch (base) {
            case Undefined undefined -> throw undefined.failure();
            case Namespace namespace ->
                Optional.ofNullable(namespace.attributes().get(name));
            case Loop loop -> loop.attribute(name);
            case String text -> StringMethods.find(budget, text, name);
            case List<?> list -> ListMethods.find(budget, list, name);
            case Map<?, ?> map -> MapMethods.find(budget, map, name);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> entry(Object base, Object key) {
        if (base instanceof Undefined undefined) {
            throw undefined.failure();
        }
        return base instanceof Map<?, ?> map ? Optional.ofNullable(map.get(key)) : Optional.empty();
    }

    private static Optional<Object> element(Object base, long index) {
        if (base instanceof Map || base instanceof Undefined) {
            return entry(base, index);
        }
        if (!(base instanceof List || base instanceof String)) {
            return Optional.empty();
        }
        long length = Values.length(base);
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return Optional.empty();
        }
        return Optional.of(base instanceof List<?> list ? list.get((int) at) : characters((String) base, at, at + 1));
    }

    private static Undefined missing(Object base, Object key) {
        return new Undefined(
                key instanceof Long index
                        ? "%s has no element %d".formatted(Values.typeName(base), index)
                        : "'%s' has no attribute '%s'".formatted(Values.typeName(base), key));
    }

    /** {@code base[start:stop:step]}. */
    Object slice(Object base, Optional<Long> start, Optional<Long> stop, Optional<Long> step) {
        if (base instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(base instanceof List || base instanceof String)) {
            throw TemplateFailure.unexpected("slice", base, "a list or string");
        }
        long by = step.orElse(1L);
        if (by == 0) {
            throw new TemplateFailure("slice: got the step 0, expected another");
        }
        long length = Values.length(base);
        long from = start.map(i -> clamp(i, length, by)).orElse(by > 0 ? 0 : length - 1);
        long to = stop.map(i -> clamp(i, length, by)).orElse(by > 0 ? length : -1);
        if (base instanceof String text) {
            budget.spendText(text.length());
            return by == 1 ? characters(text, from, Math.max(from, to)) : every(text, from, to, by);
        }
        return every((List<?>) base, from, to, by);
    }

    private static long clamp(long index, long length, long by) {
        long at = index < 0 ? index + length : index;
        return by > 0 ? Math.clamp(at, 0, length) : Math.clamp(at, -1, length - 1);
    }

    private List<Object> every(List<?> list, long from, long to, long by) {
        List<Object> result = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i = Math.addExact(i, by)) {
            budget.spendElements(1);
            result.add(list.get((int) i));
        }
        return result;
    }

    private static String every(String text, long from, long to, long by) {
        int[] characters = text.codePoints().toArray();
        StringBuilder result = new StringBuilder();
        for (long i = from; by > 0 ? i < to : i > to; i = Math.addExact(i, by)) {
            result.appendCodePoint(characters[(int) i]);
        }
        return result.toString();
    }

    private static String characters(String text, long from, long to) {
        int start = text.offsetByCodePoints(0, (int) from);
        return text.substring(start, text.offsetByCodePoints(start, (int) (to - from)));
    }
}
