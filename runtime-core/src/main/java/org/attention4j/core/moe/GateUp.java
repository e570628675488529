package org.attention4j.core.moe;

/** How the weights of an expert's gate and up projections are stored. */
public enum GateUp {
    /** In two stacks, {@code gate} and {@code up}. */
    SEPARATE,
    /** In one, {@code gate_up}: each expert's rows of gate, then those of up. */
    CONCATENATED,
    /** In one, {@code gate_up}: rows of gate and up in turn. */
    INTERLEAVED
}
