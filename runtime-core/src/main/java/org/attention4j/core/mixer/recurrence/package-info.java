/**
 * What recurrences have in common. A recurrence carries a state S along the sequence,
 *
 * <pre>
 *   (S_t, y_t) = step(S_{t−1}, x_t, c),
 * </pre>
 *
 * where x_t is what token t gives and c is the same for all tokens. The step, repeated, is the meaning
 * ({@link org.attention4j.core.mixer.recurrence.Recurrence}). Where the step is linear in S, a chunk of C tokens can be
 * computed by products of matrices from the state before it, so that a long prompt takes ⌈T/C⌉ steps instead of T
 * ({@link org.attention4j.core.mixer.recurrence.ChunkedRecurrence}).
 */
@NullMarked
package org.attention4j.core.mixer.recurrence;

import org.jspecify.annotations.NullMarked;
