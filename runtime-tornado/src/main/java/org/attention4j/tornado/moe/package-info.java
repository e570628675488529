/** Mixtures of experts: of the experts' weights only those of chosen ones are read, as they are stored. */
@NullMarked
package org.attention4j.tornado.moe;

import org.jspecify.annotations.NullMarked;
