package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Optional;

/** The methods of Python's {@code list} that change nothing. */
final class ListMethods {
    private ListMethods() {}

    /** The method of this name, bound to a list. */
    static Optional<Object> find(Budget budget, List<?> list, String name) {
        Ordering ordering = new Ordering(budget);
        Callable method = switch (name) {
            case "index" -> arguments -> index(ordering, list, arguments.get(0, "value"));
            case "count" ->
                arguments -> list.stream()
                        .filter(element -> ordering.areEqual(element, arguments.get(0, "value")))
                        .count();
            case "copy" -> arguments -> Values.list(budget, list);
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
                throw new TemplateFailure("list.%s changes a list, which templates may not".formatted(name));
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    private static Long index(Ordering ordering, List<?> list, Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (ordering.areEqual(list.get(i), value)) {
                return (long) i;
            }
        }
        throw new TemplateFailure("index: the list does not have the value");
    }
}
