package org.attention4j.pictures;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.WeightMatrix;

/**
 * Maps of what tokens take from each other: rows are the tokens that look, columns those that are seen.
 *
 * @param title such as the model's name
 * @param subtitle a line more
 * @param tokens the tokens as people read them, in order
 * @param attention the maps
 */
public record AttentionPicture(String title, String subtitle, List<String> tokens, EffectiveAttention attention) {
    /** A share below this is rounding. */
    private static final double LEAST_REST = 1e-3;

    public AttentionPicture {
        tokens = ImmutableList.copyOf(tokens);
    }

    /**
     * Writes the picture in the format that the file's name tells. A page shows a weight where one points; both show the same
     * maps.
     *
     * @throws IllegalArgumentException if the file's name ends in something else than {@code .html} or {@code .png}, or an image
     *     would be too large
     * @throws IOException if the file can't be written
     */
    public void write(Path file) throws IOException {
        switch (PictureFormat.of(file)) {
            case HTML -> AttentionPage.write(this, file);
            case PNG -> AttentionImage.write(this, file);
        }
    }

    /** Whether part of the weight of averages went to no token, as to a learned sink logit. */
    static boolean hasRest(AttentionMap map, WeightMatrix weights) {
        if (!map.values().averages()) {
            return false;
        }
        for (int row = 0; row < weights.rows(); row++) {
            if (rest(weights, row) > LEAST_REST) {
                return true;
            }
        }
        return false;
    }

    /** That part, of one token. */
    static float rest(WeightMatrix weights, int row) {
        return (float) Math.max(0, 1 - weights.rowSum(row));
    }

    /** What a map's numbers are, in a few words. */
    static String meaning(AttentionMap map) {
        if (map.channels() > 1) {
            return map.values().averages()
                    ? "shares, mean of %d channels".formatted(map.channels())
                    : "mean magnitude over %d channels".formatted(map.channels());
        }
        return map.values().averages() ? "shares of attention" : "weights in the state's output";
    }
}
