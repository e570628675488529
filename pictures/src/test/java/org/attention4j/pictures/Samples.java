package org.attention4j.pictures;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.WeightMatrix;

/** Small maps for tests. */
final class Samples {
    /** Texts that would end a script, an attribute or a line, and such that are no letters. */
    static final List<String> HOSTILE = List.of(
            "</script><script>document.body.dataset.error='hurt'</script>", "\"'&<!--", "\n", " \u0007é😀\u2028");

    private Samples() {}

    /** A window of two, of which a quarter goes to a sink. */
    static WeightMatrix windowWithSink() {
        return WeightMatrix.of(new float[][] {
            {0.75f, 0, 0, 0},
            {0.5f, 0.25f, 0, 0},
            {0, 0.7f, 0.05f, 0},
            {0, 0, 0.5f, 0.25f},
        });
    }

    /** A recurrence's, with weights that grow thin, one of them below what is drawn. */
    static WeightMatrix decay() {
        return WeightMatrix.of(new float[][] {
            {-2, 0, 0, 0},
            {-1, 2, 0, 0},
            {0.5f, 1, -2, 0},
            {1e-7f, 0.25f, 1e-4f, 2},
        });
    }

    static AttentionMap map(int layer, String mixer, boolean averages, WeightMatrix... heads) {
        ImmutableMap.Builder<Integer, WeightMatrix> all = ImmutableMap.builder();
        for (int head = 0; head < heads.length; head++) {
            all.put(head, heads[head]);
        }
        MixedValues values = new MixedValues("value", 1, MixedValues.Mixing.BY_HEAD, averages);
        return new AttentionMap(layer, "layers." + layer + "/op", mixer, "a <b>sample</b>", values, 1, all.build());
    }

    static AttentionPicture picture(List<String> tokens, AttentionMap... maps) {
        return new AttentionPicture(
                "a & <b>",
                "4 tokens",
                tokens,
                new EffectiveAttention(
                        List.of(maps), List.of(new EffectiveAttention.Skipped(7, "layer 7 (<i>odd</i>): none"))));
    }
}
