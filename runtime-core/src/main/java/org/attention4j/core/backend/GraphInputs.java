package org.attention4j.core.backend;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/** Checks the tensors that a graph is given and finds the sizes of its symbolic dims: the same for every backend. */
public final class GraphInputs {
    private final Graph graph;
    private final Map<String, Long> symbols;

    private GraphInputs(Graph graph, Map<String, Long> known) {
        this.graph = graph;
        this.symbols = new HashMap<>(known);
    }

    /**
     * Checks that {@code given} holds one tensor for each of {@code expected}, of its type, and nothing else.
     *
     * @param graph the graph that the inputs belong to
     * @param expected the graph's inputs, without the states if an execution keeps them
     * @param known the sizes of symbols that are settled already, such as those of an execution's states
     * @return the size of each symbol that {@code known} or an input tells
     * @throws IllegalArgumentException naming the graph, the input, what was given and what was expected
     */
    public static ImmutableMap<String, Long> bind(
            Graph graph, List<Value> expected, Map<String, Tensor> given, Map<String, Long> known) {
        GraphInputs inputs = new GraphInputs(graph, known);
        Map<Value, Tensor> tensors = inputs.match(expected, given);
        tensors.forEach(inputs::checkRank);
        // Plain symbols first; then sums and products of which all terms but one are known, until nothing is new.
        int before;
        do {
            before = inputs.symbols.size();
            tensors.forEach(inputs::solve);
        } while (inputs.symbols.size() > before);
        tensors.forEach(inputs::checkSizes);
        return ImmutableMap.copyOf(inputs.symbols);
    }

    private Map<Value, Tensor> match(List<Value> expected, Map<String, Tensor> given) {
        List<String> names = expected.stream().map(Value::id).toList();
        for (String name : given.keySet()) {
            check(names.contains(name), "there is no input %s to give; expected %s", name, names);
        }
        Map<Value, Tensor> tensors = new LinkedHashMap<>();
        for (Value v : expected) {
            Tensor t = Optional.ofNullable(given.get(v.id()))
                    .orElseThrow(() -> failure("input %s is missing, expected %s", v.id(), v.type()));
            tensors.put(v, t);
        }
        return tensors;
    }

    private void checkRank(Value v, Tensor t) {
        check(t.dtype() == v.type().dtype(), "input %s is %s, expected %s: another dtype", v.id(), t, v.type());
        check(t.shape().rank() == v.type().rank(), "input %s is %s, expected %s: another rank", v.id(), t, v.type());
    }

    private void solve(Value v, Tensor t) {
        for (int i = 0; i < t.shape().rank(); i++) {
            solve(v.type().dim(i), t.shape().dim(i));
        }
    }

    /** Where {@code dim} has one unknown symbol, gives this the size that makes {@code dim} equal to {@code size}. */
    private void solve(Dim dim, long size) {
        switch (dim) {
            case Dim.Fixed f -> {}
            case Dim.Symbol(String name) -> symbols.putIfAbsent(name, size);
            case Dim.Sum(Dim left, Dim right) when known(left) -> solveTerm(right, size - left.evaluate(symbols));
            case Dim.Sum(Dim left, Dim right) when known(right) -> solveTerm(left, size - right.evaluate(symbols));
            case Dim.Product(Dim left, Dim right) when known(left) -> solveFactor(right, size, left.evaluate(symbols));
            case Dim.Product(Dim left, Dim right) when known(right) -> solveFactor(left, size, right.evaluate(symbols));
            case Dim.Sum s -> {}
            case Dim.Product p -> {}
            case Dim.Quotient q -> {}
        }
    }

    private void solveTerm(Dim term, long size) {
        if (size >= 0) {
            solve(term, size);
        }
    }

    private void solveFactor(Dim factor, long size, long other) {
        if (other > 0 && size % other == 0) {
            solve(factor, size / other);
        }
    }

    private boolean known(Dim dim) {
        return switch (dim) {
            case Dim.Fixed f -> true;
            case Dim.Symbol(String name) -> symbols.containsKey(name);
            case Dim.Sum(Dim left, Dim right) -> known(left) && known(right);
            case Dim.Product(Dim left, Dim right) -> known(left) && known(right);
            case Dim.Quotient(Dim dividend, long divisor) -> known(dividend);
        };
    }

    private void checkSizes(Value v, Tensor t) {
        for (int i = 0; i < t.shape().rank(); i++) {
            Dim dim = v.type().dim(i);
            long actual = t.shape().dim(i);
            check(known(dim), "input %s: no input tells the size of %s in %s", v.id(), dim, v.type());
            long size = dim.evaluate(symbols);
            String expected = dim.isFixed() ? Long.toString(size) : dim + " = " + size;
            check(
                    actual == size,
                    "input %s is %s, expected %s: dimension %d is %d, expected %s",
                    v.id(),
                    t,
                    v.type(),
                    i,
                    actual,
                    expected);
        }
    }

    private void check(boolean holds, String message, Object... args) {
        if (!holds) {
            throw failure(message, args);
        }
    }

    private IllegalArgumentException failure(String message, Object... args) {
        return new IllegalArgumentException("graph " + graph.name() + ": " + message.formatted(args));
    }
}
