package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Optional;

/** The variable {@code loop} of a loop. */
final class Loop {
    private final Budget budget;
    private final List<Object> elements;
    private int index;
    private Optional<List<Object>> lastChecked = Optional.empty();

    Loop(Budget budget, List<Object> elements) {
        this.budget = budget;
        this.elements = elements;
    }

    /** Goes to an element. */
    void moveTo(int position) {
        index = position;
    }

    /** What the loop has under a name. */
    Optional<Object> attribute(String name) {
        int size = elements.size();
        return switch (name) {
            case "index" -> Optional.of(index + 1L);
            case "index0" -> Optional.of((long) index);
            case "revindex" -> Optional.of((long) size - index);
            case "revindex0" -> Optional.of(size - index - 1L);
            case "first" -> Optional.of(index == 0);
            case "last" -> Optional.of(index == size - 1);
            case "length" -> Optional.of((long) size);
            case "depth" -> Optional.of(1L);
            case "depth0" -> Optional.of(0L);
            case "previtem" -> neighbour(index - 1, "there is no previous item");
            case "nextitem" -> neighbour(index + 1, "there is no next item");
            case "cycle" -> Optional.of((Callable) this::cycle);
            case "changed" -> Optional.of((Callable) this::changed);
            default -> Optional.empty();
        };
    }

    private Optional<Object> neighbour(int at, String otherwise) {
        return Optional.of(at >= 0 && at < elements.size() ? elements.get(at) : new Undefined(otherwise));
    }

    private Object cycle(Arguments arguments) {
        List<Object> values = arguments.positional();
        if (values.isEmpty()) {
            throw new TemplateFailure("cycle: got no values, expected at least one");
        }
        return values.get(index % values.size());
    }

    private Object changed(Arguments arguments) {
        List<Object> values = arguments.positional();
        boolean same = lastChecked.isPresent() && new Ordering(budget).areEqual(lastChecked.get(), values);
        lastChecked = Optional.of(values);
        return !same;
    }
}
