/** Activations. */
@NullMarked
package org.attention4j.tornado.mlp;

import org.jspecify.annotations.NullMarked;
