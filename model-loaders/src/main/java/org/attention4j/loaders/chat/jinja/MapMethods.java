package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods of Python's {@code dict} that change nothing. */
final class MapMethods {
    private MapMethods() {}

    /** The method of this name, bound to a map. */
    static Optional<Object> find(Budget budget, Map<?, ?> map, String name) {
        Callable method = switch (name) {
            case "get" -> arguments -> get(map, arguments.atMost(2));
            case "items" -> arguments -> items(budget, map);
            case "keys" -> arguments -> Values.list(budget, map);
            case "values" -> arguments -> Values.list(budget, List.copyOf(map.values()));
            case "copy" ->
                arguments -> {
                    budget.spendElements(map.size());
                    return new LinkedHashMap<>(map);
                };
            case "pop", "popitem", "update", "setdefault", "clear" ->
                throw new TemplateFailure("dict.%s changes a map, which templates may not".formatted(name));
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    private static Object get(Map<?, ?> map, Arguments arguments) {
        Object value = map.get(arguments.get(0, "key"));
        return value == null ? arguments.find(1, "default").orElse(None.NONE) : value;
    }

    /** The pairs of keys and values. */
    static List<Object> items(Budget budget, Map<?, ?> map) {
        budget.spendElements(3L * map.size());
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(List.of(key, value))));
        return items;
    }
}
