/**
 * The kernels: static methods over TornadoVM's arrays that take what they do from a row of numbers, so that each is compiled
 * once, whatever the model. They run as ordinary Java too. What such a method may contain is told in {@code docs/tornado.md}.
 */
@NullMarked
package org.attention4j.tornado.kernel;

import org.jspecify.annotations.NullMarked;
