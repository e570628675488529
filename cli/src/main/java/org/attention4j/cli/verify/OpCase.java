package org.attention4j.cli.verify;

import java.util.Set;
import org.attention4j.core.ir.Graph;

/** Turns recorded calls of some ops into graphs. Implementations are services ({@link java.util.ServiceLoader}), stateless. */
public interface OpCase {
    /** The ops, as the index names them. */
    Set<String> ops();

    /**
     * A graph that computes what was recorded. Its inputs are among the case's, by name; its results have the names of all
     * the case's outputs.
     *
     * @throws IllegalArgumentException if the case has attributes or inputs that the op can't have
     * @throws org.attention4j.loaders.ModelFormatException if an attribute is missing or of a wrong type
     */
    Graph build(GoldenCase golden);
}
