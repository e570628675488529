package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.architecture.PlainMath.Bias;
import org.attention4j.loaders.gguf.GgufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MptTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 4;
    private static final int KV_SIZE = 8;
    private static final double CLIP = 0.7;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};
    private static final String BLOCK = "transformer.blocks.0.";
    private static final String CONFIG = """
        {"model_type": "mpt", "d_model": 16, "expansion_ratio": 4, "max_seq_len": 9, "n_heads": 4, "n_layers": 1,
         "no_bias": true, "norm_type": "low_precision_layernorm", "vocab_size": 11,
         "attn_config": {"alibi": true, "alibi_bias_max": 4, "attn_type": "grouped_query_attention",
                         "clip_qkv": 0.7, "kv_n_heads": 2, "qk_ln": false, "softmax_scale": null}}\
        """;

    @TempDir
    private Path directory;

    @Test
    void queriesKeysAndValuesMayBeClippedAndNormalisedAndKeysShared() {
        WrittenModel model = model();
        Path path = model.write(directory, CONFIG);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    @Test
    void ggufIsTheSame() throws IOException {
        WrittenModel model = model();
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "mpt")
                .uint32("mpt.context_length", 9)
                .uint32("mpt.embedding_length", HIDDEN)
                .uint32("mpt.block_count", 1)
                .uint32("mpt.feed_forward_length", 64)
                .uint32("mpt.attention.head_count", 4)
                .uint32("mpt.attention.head_count_kv", 2)
                .float32("mpt.attention.layer_norm_epsilon", 1e-5)
                .float32("mpt.attention.clamp_kqv", CLIP)
                .float32("mpt.attention.max_alibi_bias", 4);
        model.copy("transformer.wte.weight", writer, "token_embd.weight");
        model.copy(BLOCK + "norm_1.weight", writer, "blk.0.attn_norm.weight");
        model.copy(BLOCK + "attn.Wqkv.weight", writer, "blk.0.attn_qkv.weight");
        model.copy(BLOCK + "attn.q_ln.weight", writer, "blk.0.attn_q_norm.weight");
        model.copy(BLOCK + "attn.k_ln.weight", writer, "blk.0.attn_k_norm.weight");
        model.copy(BLOCK + "attn.out_proj.weight", writer, "blk.0.attn_output.weight");
        model.copy(BLOCK + "norm_2.weight", writer, "blk.0.ffn_norm.weight");
        model.copy(BLOCK + "ffn.up_proj.weight", writer, "blk.0.ffn_up.weight");
        model.copy(BLOCK + "ffn.down_proj.weight", writer, "blk.0.ffn_down.weight");
        model.copy("transformer.norm_f.weight", writer, "output_norm.weight");
        Path gguf = directory.resolve("mpt.gguf");
        writer.write(gguf);
        double[][] fromGguf = WrittenModel.logits(gguf, TOKENS);
        double[][] fromSafetensors = WrittenModel.logits(model.write(directory.resolve("hf"), CONFIG), TOKENS);
        for (int i = 0; i < TOKENS.length; i++) {
            // GGUF's numbers are floats: 0.7 is not quite the same.
            assertArrayEquals(fromSafetensors[i], fromGguf[i], 1e-5);
        }
    }

    @Test
    void whatNoPublishedModelHasIsRefused() {
        Path path = model().write(directory, CONFIG.replace("\"no_bias\"", "\"logit_scale\": 0.5, \"no_bias\""));
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> WrittenModel.logits(path, TOKENS));
        assertTrue(String.valueOf(e.getMessage()).endsWith("'logit_scale' is 0.5, expected none"), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    private static WrittenModel model() {
        return new WrittenModel()
                .linear("transformer.wte", 11, HIDDEN)
                .add(BLOCK + "norm_1.weight", HIDDEN)
                .linear(BLOCK + "attn.Wqkv", HIDDEN + 2 * KV_SIZE, HIDDEN)
                .add(BLOCK + "attn.q_ln.weight", HIDDEN)
                .add(BLOCK + "attn.k_ln.weight", KV_SIZE)
                .linear(BLOCK + "attn.out_proj", HIDDEN, HIDDEN)
                .add(BLOCK + "norm_2.weight", HIDDEN)
                .linear(BLOCK + "ffn.up_proj", 64, HIDDEN)
                .linear(BLOCK + "ffn.down_proj", HIDDEN, 64)
                .add("transformer.norm_f.weight", HIDDEN);
    }

    private static double[][] expected(WrittenModel m) {
        double[][] x = m.embed("transformer.wte", TOKENS);
        double[][] fused = PlainMath.map(
                m.linear(BLOCK + "attn.Wqkv", m.layerNorm(BLOCK + "norm_1", x, 1e-5)),
                v -> Math.max(-CLIP, Math.min(CLIP, v)));
        Bias alibi = (h, i, j) ->
                Math.pow(2, -(h + 1)) * (j - i) + PlainMath.causal().of(h, i, j);
        double[][] mixed = PlainMath.attention(
                m.layerNorm(BLOCK + "attn.q_ln", PlainMath.columns(fused, 0, HIDDEN), 1e-5),
                m.layerNorm(BLOCK + "attn.k_ln", PlainMath.columns(fused, HIDDEN, HIDDEN + KV_SIZE), 1e-5),
                PlainMath.columns(fused, HIDDEN + KV_SIZE, HIDDEN + 2 * KV_SIZE),
                HEAD_DIM,
                alibi);
        x = PlainMath.add(x, m.linear(BLOCK + "attn.out_proj", mixed));
        double[][] up = m.linear(BLOCK + "ffn.up_proj", m.layerNorm(BLOCK + "norm_2", x, 1e-5));
        x = PlainMath.add(x, m.linear(BLOCK + "ffn.down_proj", PlainMath.map(up, PlainMath::gelu)));
        return PlainMath.linear(m.layerNorm("transformer.norm_f", x, 1e-5), m.rows("transformer.wte.weight"));
    }
}
