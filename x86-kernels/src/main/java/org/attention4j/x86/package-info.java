/**
 * Products with block-quantised weights, and recurrences, by machine code that is generated for the processor it runs on: AVX-512 with
 * VNNI, and AMX where there is. {@link org.attention4j.x86.PackedMatrix} is the one layout of weights for one token and for many;
 * {@link org.attention4j.x86.BlockProduct} computes with it. {@link org.attention4j.x86.LinearRecurrenceKernel} and {@link
 * org.attention4j.x86.SelectiveScanKernel} take a recurrence's steps.
 */
@NullMarked
package org.attention4j.x86;

import org.jspecify.annotations.NullMarked;
