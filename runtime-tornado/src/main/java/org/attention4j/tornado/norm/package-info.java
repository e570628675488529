/** Norms. */
@NullMarked
package org.attention4j.tornado.norm;

import org.jspecify.annotations.NullMarked;
