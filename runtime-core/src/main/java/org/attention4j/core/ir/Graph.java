package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;

/**
 * A computation. Immutable; made by {@link GraphBuilder}.
 *
 * @param name for messages
 * @param inputs the values given from outside; an input's id is its name
 * @param ops in topological order
 * @param results the values to compute, by name, in order
 * @param states which result is the next value of which input: from the input's name to the result's. A backend may let the
 *     two share memory; the caller never sees the old value again
 */
public record Graph(
        String name, List<Value> inputs, List<Op> ops, Map<String, Value> results, Map<String, String> states) {
    public Graph {
        inputs = ImmutableList.copyOf(inputs);
        ops = ImmutableList.copyOf(ops);
        results = ImmutableMap.copyOf(results);
        states = ImmutableMap.copyOf(states);
    }

    /**
     * The input called {@code inputName}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Value input(String inputName) {
        return inputs.stream()
                .filter(v -> v.id().equals(inputName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("graph %s: no input %s; there are %s"
                        .formatted(
                                name, inputName, inputs.stream().map(Value::id).toList())));
    }

    /** The graph in text, one op a line: see {@link GraphPrinter}. */
    @Override
    public String toString() {
        return GraphPrinter.print(this);
    }
}
