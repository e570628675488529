package org.attention4j.loaders.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Which values are equal, and which comes first. */
final class Ordering {
    private final Budget budget;

    Ordering(Budget budget) {
        this.budget = budget;
    }

    /** Python's {@code ==}: numbers and truth values by what they count, lists and maps by their elements. */
    boolean areEqual(Object a, Object b) {
        budget.spend(1);
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        budget.enter();
        boolean equal = areEqualOthers(a, b);
        budget.leave();
        return equal;
    }

    private boolean areEqualOthers(Object a, Object b) {
        return switch (a) {
            case String text -> b instanceof String other && areEqualTexts(text, other);
            case List<?> list -> b instanceof List<?> other && areEqualLists(list, other);
            case Map<?, ?> map -> b instanceof Map<?, ?> other && areEqualMaps(map, other);
            case Undefined undefined -> b instanceof Undefined;
            default -> isSame(a, b);
        };
    }

    /** Python's {@code is}, which functions and namespaces are compared by. */
    @SuppressWarnings("ReferenceEquality")
    static boolean isSame(Object a, Object b) {
        return a == b;
    }

    private boolean areEqualTexts(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        budget.spend(a.length() / 16);
        return a.equals(b);
    }

    private boolean areEqualLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object element : a) {
            if (!areEqual(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private boolean areEqualMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = b.get(entry.getKey());
            if (other == null || !areEqual(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** Python's {@code in}: a part of a string, a key of a map, an element of a list. */
    boolean contains(Object container, Object value) {
        return switch (container) {
            case Map<?, ?> map -> map.containsKey(value);
            case String text when value instanceof String part -> TextSearch.contains(budget, text, part);
            case String text -> throw TemplateFailure.unexpected("in a string", value, "a string");
            default -> Values.list(budget, container).stream().anyMatch(element -> areEqual(element, value));
        };
    }

    /** Less than 0, 0 or more, where Python knows an order: numbers, strings, lists of those. */
    int compare(Object a, Object b) {
        budget.spend(1);
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof String text && b instanceof String other) {
            budget.spend(Math.min(text.length(), other.length()) / 16);
            return compareTexts(text, other);
        }
        if (a instanceof List<?> list && b instanceof List<?> other) {
            budget.enter();
            int order = compareLists(list, other);
            budget.leave();
            return order;
        }
        for (Object value : new Object[] {a, b}) {
            if (value instanceof Undefined undefined) {
                throw undefined.failure();
            }
        }
        throw new TemplateFailure("no order between %s and %s".formatted(Values.describe(a), Values.describe(b)));
    }

    /** By code points, which UTF-16 orders otherwise. */
    private static int compareTexts(String a, String b) {
        for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? Boolean.compare(Character.isSurrogate(x), Character.isSurrogate(y)) : x - y;
            }
        }
        return a.length() - b.length();
    }

    private int compareLists(List<?> a, List<?> b) {
        Iterator<?> others = b.iterator();
        for (Object element : a) {
            if (!others.hasNext()) {
                return 1;
            }
            Object other = others.next();
            if (!areEqual(element, other)) {
                return compare(element, other);
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double x = Arithmetic.toDouble(a);
            double y = Arithmetic.toDouble(b);
            return x < y ? -1 : x > y ? 1 : x == y ? 0 : Double.compare(x, y);
        }
        return Long.compare(Arithmetic.toLong(a), Arithmetic.toLong(b));
    }
}
