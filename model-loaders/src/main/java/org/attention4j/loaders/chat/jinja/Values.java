package org.attention4j.loaders.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that templates compute with, and what Python says of them: {@link None}, {@link Undefined}, {@code Boolean}, {@code
 * Long}, {@code Double}, {@code String}, {@code List}, {@code Map}, {@link Generated}, {@link Namespace} and {@link Callable}.
 */
final class Values {
    private static final int MAX_DEPTH = 100;

    private Values() {}

    /** A caller's value as one of these, copied. */
    static Object of(@Nullable Object value) {
        return of(value, 0);
    }

    private static Object of(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TemplateFailure("a value for the template is nested more than %d deep".formatted(MAX_DEPTH));
        }
        return switch (value) {
            case null -> None.NONE;
            case Boolean flag -> flag;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Byte number -> number.longValue();
            case BigInteger number ->
                number.bitLength() < Long.SIZE ? (Object) number.longValue() : number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case Double number -> number;
            case Float number -> number.doubleValue();
            case CharSequence text -> text.toString();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, v) -> copy.put(key(of(key, depth + 1)), of(v, depth + 1)));
                yield copy;
            }
            case Iterable<?> elements -> {
                List<Object> copy = new ArrayList<>();
                elements.forEach(v -> copy.add(of(v, depth + 1)));
                yield copy;
            }
            default ->
                throw new TemplateFailure(
                        "a value for the template is a %s, expected text, numbers, truth values, lists and maps"
                                .formatted(value.getClass().getSimpleName()));
        };
    }

    /** Whether a condition holds. */
    static boolean isTrue(Object value) {
        return switch (value) {
            case None none -> false;
            case Undefined undefined -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** The elements of a list, the keys of a map or the characters of a string, as a new list. */
    static List<Object> list(Budget budget, Object value) {
        return switch (value) {
            case List<?> list -> copy(budget, list);
            case Generated generated -> copy(budget, generated.elements());
            case Map<?, ?> map -> copy(budget, map.keySet());
            case String text -> {
                budget.spendElements(text.length());
                yield characters(text);
            }
            case Undefined undefined -> new ArrayList<>();
            default -> throw TemplateFailure.unexpected("loop", value, "a list, map or string");
        };
    }

    private static List<Object> copy(Budget budget, Collection<?> elements) {
        budget.spendElements(elements.size());
        return new ArrayList<>(elements);
    }

    private static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            characters.add(Character.toString(text.codePointAt(i)));
        }
        return characters;
    }

    /** A value that may be the key of a map. */
    static Object key(Object value) {
        return switch (value) {
            case None none -> none;
            case Boolean flag -> flag;
            case Long number -> number;
            case Double number -> number;
            case String text -> text;
            default -> throw TemplateFailure.unexpected("key of a map", value, "a string, number or truth value");
        };
    }

    /** How many elements or characters there are. */
    static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined undefined -> 0;
            default -> throw TemplateFailure.unexpected("length", value, "a string, list or map");
        };
    }

    /** A value's kind, for errors. */
    static String describe(Object value) {
        return switch (value) {
            case None none -> "none";
            case Undefined undefined -> "an undefined value (" + undefined.reason() + ")";
            case Boolean flag -> flag ? "true" : "false";
            case Long number -> "the integer " + number;
            case Double number -> "the number " + number;
            case String text -> "a string";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a map";
            case Generated generated -> "a generator";
            case Namespace namespace -> "a namespace";
            default -> "a function";
        };
    }

    /** Python's name of a value's type, for what is printed of it and for errors about attributes. */
    static String typeName(Object value) {
        return switch (value) {
            case None none -> "None";
            case Boolean flag -> "bool object";
            case Long number -> "int object";
            case Double number -> "float object";
            case String text -> "str object";
            case List<?> list -> "list object";
            case Map<?, ?> map -> "dict object";
            case Generated generated -> "generator object";
            case Namespace namespace -> "namespace object";
            default -> "function object";
        };
    }
}
