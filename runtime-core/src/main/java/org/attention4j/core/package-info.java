/**
 * attention4j's core: tensors, the graph IR, composite operators with their decompositions, sequence mixers, states, the
 * reference backend, the {@code Backend} SPI, sessions, generation and sampling. Nothing here knows an engine, a device or
 * a file format.
 */
@NullMarked
package org.attention4j.core;

import org.jspecify.annotations.NullMarked;
