package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/** An application of a {@link CompositeOp} to values. */
public record Composite(CompositeOp op, List<Value> inputs, List<Value> outputs) implements Op {
    public Composite {
        inputs = ImmutableList.copyOf(inputs);
        outputs = ImmutableList.copyOf(outputs);
    }

    @Override
    public String name() {
        return op.name();
    }

    /**
     * The input that the op calls {@code inputName}.
     *
     * @throws IllegalArgumentException if the op, with its attributes, has none of that name
     */
    public Value input(String inputName) {
        return findInput(inputName)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: no input %s; there are %s".formatted(label(), inputName, op.inputNames())));
    }

    /** The input that the op calls {@code inputName}, if with its attributes it has one. */
    public Optional<Value> findInput(String inputName) {
        int i = op.inputNames().indexOf(inputName);
        return i < 0 ? Optional.empty() : Optional.of(inputs.get(i));
    }
}
