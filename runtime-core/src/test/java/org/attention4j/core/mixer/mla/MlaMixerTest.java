package org.attention4j.core.mixer.mla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Supplier;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.state.Storage;
import org.junit.jupiter.api.Test;

/** What the layer says of itself. What it computes is held to the laws of mixers elsewhere. */
class MlaMixerTest {
    private static final RopeConfig ROPE = new RopeConfig(10_000, 64, RopeStyle.INTERLEAVED, new RopeScaling.Default());
    private static final MlaConfig V2 =
            MlaConfig.of(5120, 128, 128, 128, 512, ROPE, 1e-6).withQLoraRank(1536);

    @Test
    void itKeepsOneShortVectorForAllHeads() {
        SequenceMixer mla = new MlaMixer(V2);
        assertEquals("latent cache 512+64 F32, all", mla.state().toString());
        assertEquals(4 * 576 * 1000, mla.state().bytes(1000, Storage.EXACT));
        SequenceMixer heads = new AttentionMixer(AttentionConfig.of(5120, AttentionSpec.causal(128, 128, 128)));
        assertEquals(4 * 2 * 128 * 128 * 1000, heads.state().bytes(1000, Storage.EXACT));
    }

    @Test
    void itDescribesItself() {
        assertEquals("128 heads of 128+64, values of 128, latent 512", new MlaMixer(V2).describe());
    }

    @Test
    void theScaleIsThatOfTheWholeQuery() {
        assertEquals(1 / Math.sqrt(192), V2.spec().scale());
        assertEquals(
                1 / Math.sqrt(192),
                new LatentAttention(V2.spec(), 512, 64, false).absorbed().scale());
    }

    @Test
    void itsParametersAreThoseOfTheFiles() {
        assertEquals(
                List.of(
                        ParameterSpec.of("q_a_proj.weight", 1536, 5120),
                        ParameterSpec.of("q_a_layernorm.weight", 1536),
                        ParameterSpec.of("q_b_proj.weight", 128 * 192, 1536),
                        ParameterSpec.of("kv_a_proj_with_mqa.weight", 576, 5120),
                        ParameterSpec.of("kv_a_layernorm.weight", 512),
                        ParameterSpec.of("kv_b_proj.weight", 128 * 256, 512),
                        ParameterSpec.of("o_proj.weight", 5120, 128 * 128)),
                new MlaMixer(V2).parameters());
    }

    @Test
    void wrongSizesAreRefused() {
        refused("mla: kvLoraRank 0 is not positive", () -> MlaConfig.of(64, 4, 16, 16, 0, ROPE, 1e-6));
        refused("mla: qLoraRank 0 is not positive", () -> V2.withQLoraRank(0));
        refused("attention: valueDim 0 is not positive", () -> MlaConfig.of(64, 4, 16, 0, 8, ROPE, 1e-6));
        refused(
                "mla: headDim is 64, expected more than the 64 rotated entries",
                () -> MlaConfig.of(64, 4, 0, 16, 8, ROPE, 1e-6));
        refused(
                "mla: numKvHeads is 2, expected one for each of numHeads 4",
                () -> new LatentAttention(AttentionSpec.causal(4, 2, 128), 8, 64, false));
    }

    private static void refused(String message, Supplier<?> supplier) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, supplier::get).getMessage());
    }
}
