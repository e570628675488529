package org.attention4j.core.mixer;

import java.util.Optional;
import org.attention4j.core.ir.Value;

/** Weights as values of a graph, by name. */
public interface Parameters {
    /** The parameter, if the model has it. */
    Optional<Value> find(String name);

    /**
     * The parameter.
     *
     * @throws IllegalArgumentException if the model has none of that name
     */
    Value get(String name);

    /** The parameters whose names begin with {@code prefix} and a dot, by the rest of their names. */
    default Parameters scope(String prefix) {
        Parameters outer = this;
        return new Parameters() {
            @Override
            public Optional<Value> find(String name) {
                return outer.find(prefix + "." + name);
            }

            @Override
            public Value get(String name) {
                return outer.get(prefix + "." + name);
            }
        };
    }
}
