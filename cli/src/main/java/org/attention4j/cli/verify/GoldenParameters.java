package org.attention4j.cli.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Parameters;

/** A recorded layer's weights, which are inputs of the case, as a mixer's parameters. */
final class GoldenParameters implements Parameters {
    private final GraphBuilder builder;
    private final GoldenCase golden;
    private final Map<String, Value> values = new HashMap<>();

    GoldenParameters(GraphBuilder builder, GoldenCase golden) {
        this.builder = builder;
        this.golden = golden;
    }

    /** Puts a value in place of the input of that name, or beside the inputs. */
    void put(String name, Value value) {
        values.put(name, value);
    }

    @Override
    public Optional<Value> find(String name) {
        if (!values.containsKey(name) && golden.inputs().containsKey(name)) {
            values.put(name, builder.input(name, golden.input(name)));
        }
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public Value get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("no input %s; there are %s"
                        .formatted(name, golden.inputs().keySet())));
    }
}
