package org.attention4j.core.moe;

import org.attention4j.core.mlp.Activation;

/**
 * A gated MLP that every token goes through beside its chosen experts; several of them are one with as many times the hidden
 * size.
 *
 * @param activation of its gate
 * @param gated whether its result is multiplied by {@code σ(v·x)}, v one more weight {@code [1, dim]}
 */
public record SharedExpert(Activation activation, boolean gated) {}
