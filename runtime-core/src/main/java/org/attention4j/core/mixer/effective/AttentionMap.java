package org.attention4j.core.mixer.effective;

import com.google.common.collect.ImmutableMap;
import org.attention4j.core.mixer.MixedValues;

/**
 * The effective attention of one op of a model.
 *
 * @param layer which layer it is in, from 0
 * @param label where it stands in the model, such as {@code model.layers.3/cached_attention}
 * @param mixer the layer's kind of mixer, such as {@code gqa}
 * @param description its heads, sizes and windows in a few words
 * @param values what was weighed
 * @param channels of how many channels' magnitudes each matrix is the mean; 1 where a head has weights of its own
 * @param heads the weights by the number of the head, from 0, in order
 */
public record AttentionMap(
        int layer,
        String label,
        String mixer,
        String description,
        MixedValues values,
        int channels,
        ImmutableMap<Integer, WeightMatrix> heads) {}
