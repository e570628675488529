package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Value;
import org.jspecify.annotations.Nullable;

/** The names that the nodes of one graph can read: its own, and those of the graphs around it. */
final class Scope {
    private final @Nullable Scope outer;
    private final Writer writer;
    private final Map<String, Imported> names = new HashMap<>();
    /** Of a loop's body: what is read of the graph around it, and as which of the body's inputs. */
    private final Map<Value, Value> captured = new LinkedHashMap<>();

    /** A scope that sees nothing around it: a model's graph, or a function. */
    Scope(Writer writer) {
        this(null, writer);
    }

    private Scope(@Nullable Scope outer, Writer writer) {
        this.outer = outer;
        this.writer = writer;
    }

    /** A subgraph that is written in place. */
    Scope inner() {
        return new Scope(this, writer);
    }

    /** A subgraph that is written to a graph of its own. */
    Scope body(Writer bodyWriter) {
        return new Scope(this, bodyWriter);
    }

    Writer writer() {
        return writer;
    }

    void define(String name, Imported item) {
        names.put(name, item);
    }

    /** What a name stands for. */
    Optional<Imported> find(String name) {
        Imported own = names.get(name);
        if (own != null || outer == null) {
            return Optional.ofNullable(own);
        }
        return outer.find(name).map(item -> outer.writer == writer ? item : capture(name, item));
    }

    private Imported capture(String name, Imported item) {
        if (!(item instanceof Imported.Computed(Value value))) {
            return item;
        }
        Value input = captured.get(value);
        if (input == null) {
            input = writer.builder().input("captured." + captured.size(), value.type());
            captured.put(value, input);
        }
        Imported inside = new Imported.Computed(input);
        names.put(name, inside);
        return inside;
    }

    /** The values of the graph around it that a loop's body reads, in the order of its inputs. */
    List<Value> captured() {
        return new ArrayList<>(captured.keySet());
    }
}
