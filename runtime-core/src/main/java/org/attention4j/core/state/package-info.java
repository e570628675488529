/**
 * What a model remembers between runs. {@link org.attention4j.core.state.StateSpec} says what a layer keeps: its meaning,
 * which belongs to the mixer. How it is laid out in memory is {@link org.attention4j.core.state.Storage}, which belongs to
 * the backend.
 */
@NullMarked
package org.attention4j.core.state;

import org.jspecify.annotations.NullMarked;
