/**
 * Models as definitions: sizes, weights, layers and what each layer remembers, ready to be written as a graph. An
 * architecture makes one of these from a checkpoint's configuration; a backend compiles its graph.
 */
@NullMarked
package org.attention4j.core.model;

import org.jspecify.annotations.NullMarked;
