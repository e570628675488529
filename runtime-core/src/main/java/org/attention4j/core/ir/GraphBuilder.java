package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.attention4j.core.tensor.Tensor;

/**
 * Builds a {@link Graph} op by op, inferring and checking every type on the way. Axes may be negative, counting from the
 * last. Not thread-safe.
 */
public final class GraphBuilder extends PrimitiveBuilder {
    private final String name;
    private final List<Value> inputs = new ArrayList<>();
    private final List<Op> ops = new ArrayList<>();
    private final Map<String, Value> results = new LinkedHashMap<>();
    private final Map<String, String> states = new LinkedHashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<PrimitiveOp, Value> leaves = new HashMap<>();
    private final Map<String, Value> weights = new HashMap<>();
    private final Optional<Decomposer> decomposer;
    private String scope = "";
    private Optional<String> nextLabel = Optional.empty();

    /** A builder of a graph of this name. */
    public GraphBuilder(String name) {
        this(name, Optional.empty());
    }

    /** A builder that asks {@code decomposer} about every composite, in the bodies of scans too. */
    GraphBuilder(String name, Optional<Decomposer> decomposer) {
        this.name = name;
        this.decomposer = decomposer;
    }

    /** Adds an input. */
    public Value input(String inputName, TensorType type) {
        if (uses.putIfAbsent(inputName, 1) != null) {
            throw new IllegalArgumentException("graph %s: two values are called %s".formatted(name, inputName));
        }
        Value v = new Value(inputName, type);
        inputs.add(v);
        return v;
    }

    /** Names a result. */
    public void result(String resultName, Value value) {
        if (results.putIfAbsent(resultName, value) != null) {
            throw new IllegalArgumentException("graph %s: two results are called %s".formatted(name, resultName));
        }
    }

    /** Names a result that is the next value of the state {@code input}, which must have the same type. */
    public void nextState(Value input, String resultName, Value next) {
        if (!input.type().equals(next.type())) {
            throw new IllegalArgumentException("graph %s: state %s becomes %s".formatted(name, input, next));
        }
        result(resultName, next);
        pairState(input.id(), resultName);
    }

    /** Declares the result {@code resultName} to be the next value of the input {@code inputName}. */
    void pairState(String inputName, String resultName) {
        states.put(inputName, resultName);
    }

    /** Gives the next op's first output this id. */
    void labelNext(String label) {
        nextLabel = Optional.of(label);
    }

    /** Runs {@code body} with a name before those of all values that it makes. */
    public <T> T scoped(String scopeName, Supplier<T> body) {
        String outer = scope;
        scope = scope + scopeName + "/";
        try {
            return body.get();
        } finally {
            scope = outer;
        }
    }

    /** Runs {@code body} with no scope's name before those of all values that it makes, for they belong to several scopes. */
    public <T> T unscoped(Supplier<T> body) {
        String outer = scope;
        scope = "";
        try {
            return body.get();
        } finally {
            scope = outer;
        }
    }

    /** The graph. */
    public Graph build() {
        Graph graph = new Graph(name, inputs, ops, ImmutableMap.copyOf(results), ImmutableMap.copyOf(states));
        GraphVerifier.verify(graph);
        return graph;
    }

    /** Appends a composite and returns its results. */
    public List<Value> call(CompositeOp op, List<Value> in) {
        if (in.size() != op.inputNames().size()) {
            throw new IllegalArgumentException(
                    "%s%s: %d inputs given, expected %s".formatted(scope, op.name(), in.size(), op.inputNames()));
        }
        List<Value> out = define(op.name(), inferAt(() -> op.infer(types(in))));
        Composite composite = new Composite(op, in, out);
        Optional<Decomposer.Decomposition> decomposition = decomposer.flatMap(d -> d.decompositionOf(composite));
        if (decomposition.isPresent()) {
            return decompose(composite, decomposition.get());
        }
        ops.add(composite);
        return out;
    }

    private List<Value> decompose(Composite composite, Decomposer.Decomposition decomposition) {
        String outer = scope;
        scope = composite.label() + "/";
        List<Value> out = decomposition.apply(this, composite.inputs());
        scope = outer;
        List<TensorType> inferred = types(composite.outputs());
        if (!types(out).equals(inferred)) {
            throw new IllegalStateException(
                    "%s: decomposes to %s, but infers %s".formatted(composite.label(), types(out), inferred));
        }
        return out;
    }

    /** Appends a composite of one result. */
    public Value apply(CompositeOp op, Value... in) {
        List<Value> out = call(op, Arrays.asList(in));
        if (out.size() != 1) {
            throw new IllegalArgumentException("%s has %d results, expected 1".formatted(op.name(), out.size()));
        }
        return out.getFirst();
    }

    /** A model's weight: a constant that keeps its name whatever the scope, and is one value however often it is asked for. */
    public Value weight(String weightName, Tensor tensor) {
        Value known = weights.get(weightName);
        if (known == null) {
            labelNext(weightName);
            known = constant(weightName, tensor);
            weights.put(weightName, known);
        }
        return known;
    }

    @Override
    public List<Value> primitive(PrimitiveOp op, List<Value> in) {
        if (in.isEmpty() && leaves.get(op) instanceof Value known) {
            nextLabel = Optional.empty();
            return ImmutableList.of(known);
        }
        String id = op instanceof PrimitiveOp.Constant c ? c.label() : op.name();
        List<Value> out = define(id, inferAt(() -> PrimitiveTypes.infer(op, types(in))));
        ops.add(new Primitive(op, in, out));
        if (in.isEmpty()) {
            leaves.put(op, out.getFirst());
        }
        return out;
    }

    /** Appends a {@link Scan}: see there for the inputs' order. The axis is not negative. */
    public List<Value> scan(Graph body, int numCarried, int numScanned, int axis, List<Value> in) {
        List<TensorType> types = types(in);
        List<Value> out = define("scan", inferAt(() -> ScanTypes.infer(body, numCarried, numScanned, axis, types)));
        String bodyScope = out.getFirst().id() + "/";
        Graph expanded =
                decomposer.map(d -> Expansion.expand(body, d, bodyScope)).orElse(body);
        ops.add(new Scan(expanded, numCarried, numScanned, axis, in, out));
        return out;
    }

    private List<TensorType> inferAt(Supplier<List<TensorType>> inference) {
        try {
            return inference.get();
        } catch (IllegalArgumentException e) {
            throw scope.isEmpty() ? e : new IllegalArgumentException(scope + e.getMessage(), e);
        }
    }

    private List<Value> define(String id, List<TensorType> types) {
        String label = nextLabel.orElse(scope + id);
        nextLabel = Optional.empty();
        return types.stream().map(t -> new Value(unique(label), t)).toList();
    }

    private String unique(String id) {
        int n = uses.merge(id, 1, Integer::sum);
        return n == 1 ? id : unique(id + "." + n);
    }

    private static List<TensorType> types(List<Value> values) {
        return values.stream().map(Value::type).toList();
    }
}
