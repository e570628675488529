package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.attention4j.core.ir.Value;

/** The operators that can be imported, by domain and name. */
public final class OperatorTable {
    /** ONNX's own domain. */
    public static final String ONNX = "";

    /** The domain of ONNX Runtime's operators. */
    public static final String MICROSOFT = "com.microsoft";

    private final Map<String, Operator> operators = new HashMap<>();

    private OperatorTable() {}

    /** What an operator becomes. */
    @FunctionalInterface
    public interface Operator {
        /** Appends ops to the node's builder and returns what its outputs are; trailing ones that nobody wants may be left out. */
        List<? extends Imported> apply(OnnxNode node);
    }

    /** All operators of the {@link OnnxOperators} on the class path. */
    static OperatorTable load() {
        OperatorTable table = new OperatorTable();
        ServiceLoader.load(OnnxOperators.class).forEach(group -> group.addTo(table));
        return table;
    }

    /** Adds an operator of any number of outputs. */
    public void add(String domain, String type, Operator operator) {
        if (operators.putIfAbsent(key(domain, type), operator) != null) {
            throw new IllegalStateException("two classes import operator %s of domain '%s'".formatted(type, domain));
        }
    }

    /** Adds an operator of one output. */
    public void addOne(String domain, String type, Function<OnnxNode, Value> operator) {
        add(domain, type, node -> ImmutableList.of(new Imported.Computed(operator.apply(node))));
    }

    /** Adds an operator of ONNX's own domain and one output. */
    public void addOne(String type, Function<OnnxNode, Value> operator) {
        addOne(ONNX, type, operator);
    }

    /** The operator, if it is known. */
    Optional<Operator> find(String domain, String type) {
        return Optional.ofNullable(operators.get(key(domain, type)));
    }

    private static String key(String domain, String type) {
        return domain + ":" + type;
    }
}
