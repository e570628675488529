package org.attention4j.core.state;

import org.attention4j.core.ir.TensorType;

/**
 * One tensor of a layer's state.
 *
 * @param name unique in its layer, such as {@code key}
 * @param type its dims, {@code batch} first; zeros are the state of a sequence that has not begun
 */
public record Slot(String name, TensorType type) {}
