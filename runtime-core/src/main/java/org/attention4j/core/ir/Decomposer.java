package org.attention4j.core.ir;

import java.util.List;
import java.util.Optional;

/** Decides what becomes of each composite of a graph. */
@FunctionalInterface
public interface Decomposer {
    /** Decomposes every composite as its op says. */
    Decomposer ALL = composite -> Optional.of(composite.op()::decompose);

    /** What to put in place of {@code composite}; empty: it stays. */
    Optional<Decomposition> decompositionOf(Composite composite);

    /** Ops that compute what a composite means. */
    @FunctionalInterface
    interface Decomposition {
        /** Appends the ops to {@code b} and returns the results, of the same types as the composite's. */
        List<Value> apply(GraphBuilder b, List<Value> inputs);
    }
}
