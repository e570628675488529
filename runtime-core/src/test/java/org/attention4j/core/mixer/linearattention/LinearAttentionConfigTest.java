package org.attention4j.core.mixer.linearattention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.List;
import java.util.function.Supplier;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.junit.jupiter.api.Test;

class LinearAttentionConfigTest {
    @Test
    void layersAreNamedAndDescribed() {
        SequenceMixer retention = new LinearAttentionMixer(LinearAttentionConfig.retention(8, 2, 4, 6));
        assertEquals("retention", retention.name());
        assertEquals("2 heads of 4×6", retention.describe());
        assertEquals("recurrent [memory F32[batch, 2, 4, 6]]", retention.state().toString());
        SequenceMixer delta = new LinearAttentionMixer(LinearAttentionConfig.deltaNet(8, 2, 4, 6, 3));
        assertEquals("2 heads of 4×6, conv 3", delta.describe());
        assertEquals(
                List.of("q_conv", "k_conv", "v_conv", "memory"),
                delta.state().slots(Storage.EXACT).stream().map(Slot::name).toList());
        assertEquals(
                "2 heads of 9×4, bidirectional",
                KernelAttentionMixer.performer(8, 2, 4, 9, FavorFeatures.Kernel.RELU)
                        .bidirectional()
                        .describe());
    }

    /** Layer 0 has no lower bound, and no layer has keys of its own. */
    @Test
    void hgrn2ReadsWhatTheLayerNeeds() {
        assertEquals(
                List.of("q_proj.weight", "v_proj.weight", "f_proj.weight", "norm.weight", "o_proj.weight"),
                names(LinearAttentionConfig.hgrn2(8, 2, 4, 0, 3)));
        assertEquals(
                List.of(
                        "q_proj.weight",
                        "v_proj.weight",
                        "f_proj.weight",
                        "lower_bounds",
                        "norm.weight",
                        "o_proj.weight"),
                names(LinearAttentionConfig.hgrn2(8, 2, 4, 1, 3)));
    }

    private static List<String> names(LinearAttentionConfig config) {
        return new LinearAttentionMixer(config)
                .parameters().stream().map(ParameterSpec::name).toList();
    }

    @Test
    void wrongSizesAreRefused() {
        LinearAttentionConfig gla = LinearAttentionConfig.gla(8, 2, 4, 6, 3);
        refused("gla: numHeads is 0, expected at least 1", () -> LinearAttentionConfig.gla(8, 0, 4, 6, 3));
        refused("delta_net: kernel is 1, expected at least 2", () -> LinearAttentionConfig.deltaNet(8, 2, 4, 6, 1));
        refused(
                "hgrn2: hiddenSize 8 is not a multiple of numHeads 3",
                () -> LinearAttentionConfig.hgrn2(8, 3, 4, 0, 1));
        refused("linear attention: layer 2 of 2, expected 0 to 1", () -> LinearAttentionConfig.hgrn2(8, 2, 4, 2, 2));
        refused(
                "linear attention: the gate has rank 0 and temperature 16.0, expected positive ones",
                () -> LinearAttentionConfig.gla(8, 2, 4, 6, 0));
        refused(
                "gla: 3 log decays, expected one for each of numHeads 2",
                () -> gla.withForgetting(Forgetting.Constant.ofRetNet(3)));
        refused(
                "linear attention: log decays are [-1.0, 0.5], expected none above 0",
                () -> new Forgetting.Constant(ImmutableDoubleArray.of(-1, 0.5)));
        refused(
                "delta_net: keys that are what the gate leaves go with neither the delta rule nor convolutions",
                () -> LinearAttentionConfig.deltaNet(8, 2, 4, 6, 3).withForgetting(new Forgetting.LowerBounded(0, 1)));
        refused(
                "linear_attention: hiddenSize 8, numHeads 0, keyDim 4, valueDim 4; expected positive numbers",
                () -> KernelAttentionMixer.elu1(8, 0, 4, 4));
        refused(
                "performer: 0 features, expected at least 1",
                () -> KernelAttentionMixer.performer(8, 2, 4, 0, FavorFeatures.Kernel.RELU));
    }

    private static void refused(String message, Supplier<?> supplier) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, supplier::get).getMessage());
    }
}
