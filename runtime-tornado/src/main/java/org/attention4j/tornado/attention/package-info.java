/** Softmax attention over key/value caches that are written in place. */
@NullMarked
package org.attention4j.tornado.attention;

import org.jspecify.annotations.NullMarked;
