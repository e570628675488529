/**
 * A sequence mixer from outside: minGRU (Feng et al. 2024, "Were RNNs All We Needed?", section 3.1), a recurrence whose gate and
 * candidate depend on the present token alone. For the hidden state x_t of a token, entry by entry,
 *
 * <pre>
 *   z_t = σ(W_gate x_t)
 *   c_t = g(W_candidate x_t),   g(u) = u + ½ if u ≥ 0, else σ(u)      (appendix B: candidates are positive)
 *   h_t = (1 − z_t) h_{t−1} + z_t c_t
 *   y_t = W_out h_t
 * </pre>
 *
 * <p>Written out, {@code h_t = D_t0 h_0 + Σ_{s ≤ t} D_ts z_s c_s} with {@code D_ts = Π_{s < r ≤ t} (1 − z_r)}, a triangular
 * matrix for each entry: that is the parallel form.
 *
 * <p>With it come the composite ops it is written in, a lowering of one of them to ONNX, and an architecture that reads models
 * made of it from files. All of them are found on the class path.
 */
@NullMarked
package org.attention4j.extension.mingru;

import org.jspecify.annotations.NullMarked;
