/** Rotary embeddings. */
@NullMarked
package org.attention4j.tornado.rope;

import org.jspecify.annotations.NullMarked;
