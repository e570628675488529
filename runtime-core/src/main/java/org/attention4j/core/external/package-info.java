/**
 * Models that are files of an engine's own, to be run as they are: nothing is known of their ops, only what their inputs and outputs
 * mean. Such a model is one opaque op of a graph, so that sessions run it as any other, and only a backend that has the engine
 * compiles it.
 */
@NullMarked
package org.attention4j.core.external;

import org.jspecify.annotations.NullMarked;
