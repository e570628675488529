package org.attention4j.core.mixer;

import java.util.Optional;
import org.attention4j.core.ir.CompositeOp;

/**
 * A composite in which tokens see each other: whatever its other inputs are, its first result is linear in one of them, the
 * values,
 *
 * <pre>
 *   y_t = Σ_s A_ts v_s + what no value changes,
 * </pre>
 *
 * with a matrix A for each head or channel. That is a row of a softmax, or what a recurrence makes of its decays, keys and
 * queries: see {@link org.attention4j.core.mixer.effective}.
 */
public interface ValueMixing extends CompositeOp {
    /** Where the values are. Empty: with these attributes it has none, as where a key and its value are one. */
    Optional<MixedValues> mixedValues();

    /** Whether it only prepares what another op of the same layer mixes, as short convolutions do. */
    default boolean isPreparation() {
        return false;
    }
}
