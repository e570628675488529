package org.attention4j.core.state;

import java.util.Optional;
import org.attention4j.core.ir.TensorType;

/**
 * One tensor of a layer's state.
 *
 * @param name unique in its layer, such as {@code key}
 * @param type its dims, {@code batch} first; zeros are the state of a sequence that has not begun
 * @param tokens how dimension 2 holds tokens; absent: its size does not depend on them, and past tokens can't be told apart
 */
public record Slot(String name, TensorType type, Optional<Retention> tokens) {
    /** A tensor in which past tokens can't be told apart. */
    public static Slot recurrent(String name, TensorType type) {
        return new Slot(name, type, Optional.empty());
    }

    Slot prefixed(String prefix) {
        return new Slot(prefix + "." + name, type, tokens);
    }
}
