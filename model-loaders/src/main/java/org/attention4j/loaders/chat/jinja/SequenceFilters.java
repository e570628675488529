package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The filters of Jinja2 that go through elements. */
final class SequenceFilters {
    private SequenceFilters() {}

    /** All of them, by name. */
    static ImmutableMap<String, PythonFilter.Body> all() {
        return ImmutableMap.<String, PythonFilter.Body>builder()
                .put("batch", (e, v, a) -> batch(e, v, a))
                .put("dictsort", (e, v, a) -> dictsort(e, v, a))
                .put("first", (e, v, a) -> at(list(e, v), 0))
                .put("groupby", (e, v, a) -> groupby(e, v, a))
                .put("join", (e, v, a) -> join(e, v, a))
                .put("last", (e, v, a) -> at(list(e, v), -1))
                .put("list", (e, v, a) -> list(e, v))
                .put("map", (e, v, a) -> map(e, v, a))
                .put("max", (e, v, a) -> extreme(e, v, a, 1))
                .put("min", (e, v, a) -> extreme(e, v, a, -1))
                .put("reject", (e, v, a) -> select(e, v, test(e, a, 0).negate()))
                .put("rejectattr", (e, v, a) -> select(e, v, attributeTest(e, a).negate()))
                .put("reverse", (e, v, a) -> reverse(e, v))
                .put("select", (e, v, a) -> select(e, v, test(e, a, 0)))
                .put("selectattr", (e, v, a) -> select(e, v, attributeTest(e, a)))
                .put("sort", (e, v, a) -> sort(e, v, a))
                .put("sum", (e, v, a) -> sum(e, v, a))
                .put("unique", (e, v, a) -> unique(e, v, a))
                .buildOrThrow();
    }

    private static List<Object> list(FilterScope scope, Object value) {
        return Values.list(scope.budget(), value);
    }

    /** Some filters take {@code none} for an empty list. */
    private static List<Object> listIfTrue(FilterScope scope, Object value) {
        return Values.isTrue(value) ? list(scope, value) : new ArrayList<>();
    }

    private static Object at(List<Object> list, int index) {
        if (list.isEmpty()) {
            return new Undefined("there is no first or last item, the sequence was empty");
        }
        return index < 0 ? list.getLast() : list.getFirst();
    }

    private static Object batch(FilterScope scope, Object value, Arguments arguments) {
        int size = Math.max(1, arguments.atMost(2, "linecount", "fill_with").integer(0, "linecount"));
        List<Object> rest = list(scope, value);
        List<Object> batches = new ArrayList<>();
        for (int i = 0; i < rest.size(); i += size) {
            List<Object> batch = new ArrayList<>(rest.subList(i, Math.min(rest.size(), i + size)));
            arguments.findSome(1, "fill_with").ifPresent(filler -> {
                scope.budget().spendElements(size);
                while (batch.size() < size) {
                    batch.add(filler);
                }
            });
            batches.add(batch);
        }
        return new Generated(batches);
    }

    private static List<Object> dictsort(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(3, "case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw TemplateFailure.unexpected("filter dictsort", value, "a map");
        }
        boolean cased = arguments.flag(0, "case_sensitive", false);
        int part = arguments.text(1, "by", "key").equals("value") ? 1 : 0;
        Comparator<Object> order = order(scope, pair -> lowered(((List<?>) pair).get(part), cased));
        return sorted(MapMethods.items(scope.budget(), map), order, arguments.flag(2, "reverse", false));
    }

    private static List<Object> sort(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(3, "reverse", "case_sensitive", "attribute");
        boolean cased = arguments.flag(1, "case_sensitive", false);
        UnaryOperator<Object> attribute = attribute(scope, arguments.findSome(2, "attribute"), Optional.empty());
        Comparator<Object> order = order(scope, element -> lowered(attribute.apply(element), cased));
        return sorted(list(scope, value), order, arguments.flag(0, "reverse", false));
    }

    private static Comparator<Object> order(FilterScope scope, UnaryOperator<Object> key) {
        return Comparator.comparing(key, scope.ordering()::compare);
    }

    private static List<Object> sorted(List<Object> elements, Comparator<Object> order, boolean reverse) {
        elements.sort(reverse ? Collections.reverseOrder(order) : order);
        return elements;
    }

    private static Object lowered(Object value, boolean cased) {
        return !cased && value instanceof String text ? LetterCase.lower(text) : value;
    }

    /** Gives an element's attribute, which may lead through others: {@code function.name}. */
    private static UnaryOperator<Object> attribute(
            FilterScope scope, Optional<Object> path, Optional<Object> fallback) {
        if (path.isEmpty()) {
            return UnaryOperator.identity();
        }
        Object steps = path.get();
        List<Object> keys = steps instanceof String names ? List.of((Object[]) names.split("\\.", -1)) : List.of(steps);
        return element -> {
            Object value = element;
            for (Object key : keys) {
                boolean index = key instanceof String name
                        && !name.isEmpty()
                        && name.length() < 10
                        && name.chars().allMatch(c -> c >= '0' && c <= '9');
                value = scope.access().item(value, index ? (Object) Long.valueOf((String) key) : key);
            }
            return value instanceof Undefined ? fallback.orElse(value) : value;
        };
    }

    private static Object groupby(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(3, "attribute", "default", "case_sensitive");
        boolean cased = arguments.flag(2, "case_sensitive", false);
        UnaryOperator<Object> attribute =
                attribute(scope, Optional.of(arguments.get(0, "attribute")), arguments.findSome(1, "default"));
        UnaryOperator<Object> key = element -> lowered(attribute.apply(element), cased);
        List<Object> groups = new ArrayList<>();
        List<Object> members = new ArrayList<>();
        Optional<Object> last = Optional.empty();
        for (Object element : sorted(list(scope, value), order(scope, key), false)) {
            if (last.isEmpty() || !scope.ordering().areEqual(last.get(), key.apply(element))) {
                members = new ArrayList<>();
                groups.add(Tuple.of(List.of(attribute.apply(element), members)));
                last = Optional.of(key.apply(element));
            }
            members.add(element);
        }
        return groups;
    }

    private static String join(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(2, "d", "attribute");
        UnaryOperator<Object> attribute = attribute(scope, arguments.findSome(1, "attribute"), Optional.empty());
        List<String> parts = new ArrayList<>();
        list(scope, value).forEach(element -> parts.add(scope.text(attribute.apply(element))));
        return StringMethods.join(
                scope.budget(), scope.text(arguments.find(0, "d").orElse("")), parts);
    }

    /** A filter on each element, or an attribute of each. */
    private static Object map(FilterScope scope, Object value, Arguments arguments) {
        List<Object> elements = listIfTrue(scope, value);
        if (arguments.positional().isEmpty()) {
            arguments.atMost(0, "attribute", "default");
            elements.replaceAll(attribute(
                    scope,
                    Optional.of(arguments.get(0, "attribute")),
                    Optional.ofNullable(arguments.named().get("default"))));
        } else {
            String name = arguments.text(0, "name");
            List<Object> rest =
                    arguments.positional().subList(1, arguments.positional().size());
            Arguments given = new Arguments("filter " + name, rest, arguments.named());
            elements.replaceAll(element -> scope.scope().filter(name, element, given));
        }
        return new Generated(elements);
    }

    private static Generated select(FilterScope scope, Object value, Predicate<Object> test) {
        return new Generated(listIfTrue(scope, value).stream().filter(test).toList());
    }

    /** The test whose name and arguments begin at an index; without one, whether a value is true. */
    private static Predicate<Object> test(FilterScope scope, Arguments arguments, int index) {
        if (arguments.positional().size() <= index) {
            return Values::isTrue;
        }
        String name = arguments.text(index, "test");
        List<Object> rest =
                arguments.positional().subList(index + 1, arguments.positional().size());
        Arguments given = new Arguments("test " + name, rest, arguments.named());
        return value -> scope.scope().test(name, value, given);
    }

    private static Predicate<Object> attributeTest(FilterScope scope, Arguments arguments) {
        UnaryOperator<Object> attribute =
                attribute(scope, Optional.of(arguments.get(0, "attribute")), Optional.empty());
        Predicate<Object> test = test(scope, arguments, 1);
        return element -> test.test(attribute.apply(element));
    }

    private static Object reverse(FilterScope scope, Object value) {
        if (value instanceof String text) {
            return new StringBuilder(scope.text(text)).reverse().toString();
        }
        List<Object> elements = list(scope, value);
        Collections.reverse(elements);
        return new Generated(elements);
    }

    private static Object extreme(FilterScope scope, Object value, Arguments arguments, int sign) {
        arguments.atMost(2, "case_sensitive", "attribute");
        boolean cased = arguments.flag(0, "case_sensitive", false);
        UnaryOperator<Object> attribute = attribute(scope, arguments.findSome(1, "attribute"), Optional.empty());
        Comparator<Object> order = order(scope, element -> lowered(attribute.apply(element), cased));
        Object best = at(list(scope, value), 0);
        for (Object element : list(scope, value)) {
            best = sign * order.compare(element, best) > 0 ? element : best;
        }
        return best;
    }

    private static Object sum(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(2, "attribute", "start");
        UnaryOperator<Object> attribute = attribute(scope, arguments.findSome(0, "attribute"), Optional.empty());
        Object sum = arguments.find(1, "start").orElse(0L);
        Arithmetic arithmetic = new Arithmetic(scope.budget());
        for (Object element : list(scope, value)) {
            sum = arithmetic.apply("+", sum, attribute.apply(element));
        }
        return sum;
    }

    private static Generated unique(FilterScope scope, Object value, Arguments arguments) {
        arguments.atMost(2, "case_sensitive", "attribute");
        boolean cased = arguments.flag(0, "case_sensitive", false);
        UnaryOperator<Object> attribute = attribute(scope, arguments.findSome(1, "attribute"), Optional.empty());
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object element : list(scope, value)) {
            Object key = lowered(attribute.apply(element), cased);
            if (seen.stream().noneMatch(other -> scope.ordering().areEqual(other, key))) {
                seen.add(key);
                unique.add(element);
            }
        }
        return new Generated(unique);
    }
}
