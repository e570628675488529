/**
 * The short causal convolutions that recurrent layers put before their recurrence: each channel sees its last few entries,
 *
 * <pre>
 *   y_{t,c} = bias_c + Σ_{j=0}^{K−1} w_{c,j} x_{t−K+1+j,c},
 * </pre>
 *
 * so the last tap is the current token's, and the state is what came in the last K − 1 tokens.
 */
@NullMarked
package org.attention4j.core.mixer.conv;

import org.jspecify.annotations.NullMarked;
