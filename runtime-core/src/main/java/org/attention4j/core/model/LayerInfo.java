package org.attention4j.core.model;

import org.attention4j.core.state.StateSpec;

/**
 * One layer, for people and for the keeper of states.
 *
 * @param name what its weights' names begin with, and the labels of its ops, such as {@code model.layers.3}
 * @param mixer the kind of mixer, such as {@code gqa}
 * @param description heads, sizes and windows in a few words
 * @param state what the layer remembers
 */
public record LayerInfo(String name, String mixer, String description, StateSpec state) {}
