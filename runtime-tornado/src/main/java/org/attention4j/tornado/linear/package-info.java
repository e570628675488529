/**
 * Linear layers and tables on weights as their files store them: F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K. Weights of other types
 * become F32 when they are loaded.
 */
@NullMarked
package org.attention4j.tornado.linear;

import org.jspecify.annotations.NullMarked;
