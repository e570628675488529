package org.attention4j.core.backend;

import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;

/**
 * A backend's own way to compute a composite op, other than its decomposition. Each backend extends this with what it needs
 * to emit code and collects its lowerings by {@link java.util.ServiceLoader}.
 */
public interface Lowering {
    /** The name that plans show and users pin, such as {@code gqa_op}. */
    String name();

    /** The name of the composite op, such as {@code cached_attention}, or of a kind of them (see {@link #isFor}). */
    String op();

    /** Whether this is a lowering of such an op at all; by default those called {@link #op()}. */
    default boolean isFor(CompositeOp composite) {
        return composite.name().equals(op());
    }

    /** Of the lowerings that answer yes, that of the highest priority is taken. */
    default int priority() {
        return 0;
    }

    /** Whether this lowering can compute this application of the op. */
    Answer supports(Composite composite);

    /** Yes, or no and why. */
    sealed interface Answer {
        /**
         * It can.
         *
         * @param note what the plan tells about it, such as in which type weights are kept; mostly empty
         */
        record Yes(String note) implements Answer {}

        /**
         * It can't.
         *
         * @param reason one short sentence for the plan
         */
        record No(String reason) implements Answer {}

        /** It can. */
        static Answer yes() {
            return new Yes("");
        }

        /** It can, as the note tells. */
        static Answer yes(String note) {
            return new Yes(note);
        }

        /** It can't, for this reason. */
        static Answer no(String reason) {
            return new No(reason);
        }

        /** Yes if {@code condition} holds, else no for this reason. */
        static Answer onlyIf(boolean condition, String reason) {
            return condition ? yes() : new No(reason);
        }
    }
}
