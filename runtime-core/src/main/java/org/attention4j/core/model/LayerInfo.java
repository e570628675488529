package org.attention4j.core.model;

import org.attention4j.core.state.StateSpec;

/**
 * One layer, for people and for the keeper of states.
 *
 * @param mixer the kind of mixer, such as {@code gqa}
 * @param description heads, sizes and windows in a few words
 * @param state what the layer remembers
 */
public record LayerInfo(String mixer, String description, StateSpec state) {}
