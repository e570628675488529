/**
 * Products with block-quantised weights by machine code that is generated for the processor it runs on: AVX-512 with VNNI, and AMX where
 * there is. {@link org.attention4j.x86.PackedMatrix} is the one layout of weights for one token and for many;
 * {@link org.attention4j.x86.BlockProduct} computes with it.
 */
@NullMarked
package org.attention4j.x86;

import org.jspecify.annotations.NullMarked;
