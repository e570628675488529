package org.attention4j.loaders.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model with experts of MXFP4, as its publisher, transformers and llama.cpp store it. */
class GptOssTest {
    private static final int VOCABULARY = 20;
    private static final int DIM = 32;
    private static final int EXPERTS = 3;
    private static final int LAYERS = 2;
    private static final float[] VALUES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6};

    @TempDir
    private Path dir;

    private final SafetensorsWriter plain = new SafetensorsWriter();
    private final SafetensorsWriter packed = new SafetensorsWriter();
    private final GgufWriter gguf = new GgufWriter();
    private final Random random = new Random(7);

    /** A tensor that is the same everywhere. */
    private void same(String name, String ggufName, long... dims) {
        Tensor t = RandomTensors.normal(name.hashCode(), 0.4, Shape.of(dims));
        plain.tensor(name, t);
        packed.tensor(name, t);
        gguf.tensor(ggufName, t);
    }

    private void linear(String name, String ggufName, long out) {
        same(name + ".weight", ggufName + ".weight", out, DIM);
        same(name + ".bias", ggufName + ".bias", out);
    }

    @BeforeEach
    void write() {
        gguf.string("general.architecture", "gpt-oss")
                .uint32("gpt-oss.block_count", LAYERS)
                .uint32("gpt-oss.context_length", 256)
                .uint32("gpt-oss.embedding_length", DIM)
                .uint32("gpt-oss.attention.head_count", 4)
                .uint32("gpt-oss.attention.head_count_kv", 2)
                .uint32("gpt-oss.attention.key_length", 8)
                .uint32("gpt-oss.attention.value_length", 8)
                .uint32("gpt-oss.attention.sliding_window", 4)
                .uint32("gpt-oss.expert_count", EXPERTS)
                .uint32("gpt-oss.expert_used_count", 2)
                .float32("gpt-oss.attention.layer_norm_rms_epsilon", 1e-5)
                .float32("gpt-oss.rope.freq_base", 150000)
                .string("gpt-oss.rope.scaling.type", "yarn")
                .float32("gpt-oss.rope.scaling.factor", 8)
                .uint32("gpt-oss.rope.scaling.original_context_length", 32)
                .float32("gpt-oss.rope.scaling.yarn_beta_fast", 4)
                .float32("gpt-oss.rope.scaling.yarn_beta_slow", 1);
        same("model.embed_tokens.weight", "token_embd.weight", VOCABULARY, DIM);
        same("lm_head.weight", "output.weight", VOCABULARY, DIM);
        same("model.norm.weight", "output_norm.weight", DIM);
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i + ".";
            String blk = "blk." + i + ".";
            same(layer + "input_layernorm.weight", blk + "attn_norm.weight", DIM);
            same(layer + "post_attention_layernorm.weight", blk + "post_attention_norm.weight", DIM);
            linear(layer + "self_attn.q_proj", blk + "attn_q", DIM);
            linear(layer + "self_attn.k_proj", blk + "attn_k", DIM / 2);
            linear(layer + "self_attn.v_proj", blk + "attn_v", DIM / 2);
            linear(layer + "self_attn.o_proj", blk + "attn_output", DIM);
            same(layer + "self_attn.sinks", blk + "attn_sinks.weight", 4);
            linear(layer + "mlp.router", blk + "ffn_gate_inp", EXPERTS);
            gateUp(layer + "mlp.experts.gate_up_proj", blk);
            experts(layer + "mlp.experts.down_proj", blk + "ffn_down_exps", nibbles(DIM), biases(DIM));
        }
    }

    /** Codes {@code [experts, rows, 32]} of 4-bit floats. */
    private int[][][] nibbles(int rows) {
        int[][][] codes = new int[EXPERTS][rows][];
        for (int[][] expert : codes) {
            for (int r = 0; r < rows; r++) {
                expert[r] = random.ints(DIM, 0, 16).toArray();
            }
        }
        return codes;
    }

    private Tensor biases(int rows) {
        return RandomTensors.normal(random.nextInt(), 0.4, Shape.of(EXPERTS, rows));
    }

    private static int scale(int expert, int row) {
        return 123 + (expert + row) % 4;
    }

    /** Gate and up are two stacks in GGUF, and rows in turn elsewhere. */
    private void gateUp(String name, String blk) {
        int[][][] codes = nibbles(2 * DIM);
        Tensor bias = biases(2 * DIM);
        write(name, codes, bias);
        for (int part = 0; part < 2; part++) {
            String ggufName = blk + (part == 0 ? "ffn_gate_exps" : "ffn_up_exps");
            Tensor blocks = Tensor.zeros(DType.MXFP4, Shape.of(EXPERTS, DIM, DIM));
            Tensor halfBias = Tensor.zeros(DType.F32, Shape.of(EXPERTS, DIM));
            for (int e = 0; e < EXPERTS; e++) {
                for (int r = 0; r < DIM; r++) {
                    int row = 2 * r + part;
                    putBlock(blocks, e * DIM + r, scale(e, row), codes[e][row]);
                    halfBias.setDouble((long) e * DIM + r, bias.getDouble((long) e * 2 * DIM + row));
                }
            }
            gguf.tensor(ggufName + ".weight", blocks).tensor(ggufName + ".bias", halfBias);
        }
    }

    private void experts(String name, String ggufName, int[][][] codes, Tensor bias) {
        write(name, codes, bias);
        Tensor blocks = Tensor.zeros(DType.MXFP4, Shape.of(EXPERTS, codes[0].length, DIM));
        for (int i = 0; i < EXPERTS * codes[0].length; i++) {
            int e = i / codes[0].length;
            int r = i % codes[0].length;
            putBlock(blocks, i, scale(e, r), codes[e][r]);
        }
        gguf.tensor(ggufName + ".weight", blocks).tensor(ggufName + ".bias", bias);
    }

    /** As llama.cpp has it: element j and element j + 16 in a byte. */
    private static void putBlock(Tensor blocks, int index, int scale, int[] codes) {
        Tensor bytes = Tensor.of(DType.U8, Shape.of(blocks.data().byteSize()), blocks.data());
        bytes.setLong(index * 17L, scale);
        for (int j = 0; j < 16; j++) {
            bytes.setLong(index * 17L + 1 + j, codes[j] | codes[j + 16] << 4);
        }
    }

    /** As published, neighbours in a byte and scales apart; and as floats, {@code [experts, in, out]}. */
    private void write(String name, int[][][] codes, Tensor bias) {
        int rows = codes[0].length;
        Tensor blocks = Tensor.zeros(DType.U8, Shape.of(EXPERTS, rows, 1, DIM / 2));
        Tensor scales = Tensor.zeros(DType.U8, Shape.of(EXPERTS, rows, 1));
        Tensor floats = Tensor.zeros(DType.F32, Shape.of(EXPERTS, DIM, rows));
        for (int e = 0; e < EXPERTS; e++) {
            for (int r = 0; r < rows; r++) {
                int scale = scale(e, r);
                scales.setLong((long) e * rows + r, scale);
                for (int i = 0; i < DIM; i++) {
                    long at = ((long) e * rows + r) * (DIM / 2) + i / 2;
                    blocks.setLong(at, blocks.getLong(at) | (long) codes[e][r][i] << (i % 2 * 4));
                    floats.setDouble(
                            ((long) e * DIM + i) * rows + r, VALUES[codes[e][r][i]] * Math.scalb(1.0, scale - 127));
                }
            }
        }
        packed.tensor(name + "_blocks", blocks).tensor(name + "_scales", scales).tensor(name + "_bias", bias);
        plain.tensor(name, floats).tensor(name + "_bias", bias);
    }

    private Path directory(SafetensorsWriter weights, String rope, String more) throws IOException {
        Path directory = Files.createTempDirectory(dir, "model");
        String config = """
            {"model_type":"gpt_oss","num_hidden_layers":2,"hidden_size":32,"intermediate_size":32,"head_dim":8,
            "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":256,"rms_norm_eps":1e-5,
            "num_experts_per_tok":2,"num_local_experts":3,"sliding_window":4,"swiglu_limit":2.0,"rope_theta":150000.0,
            "rope_scaling":{"rope_type":"yarn","factor":8.0,"original_max_position_embeddings":32,"beta_fast":4.0,
            "beta_slow":1.0%s}%s}
            """.formatted(rope, more);
        Files.writeString(directory.resolve("config.json"), config);
        weights.write(directory.resolve("model.safetensors"));
        return directory;
    }

    @Test
    void mxfp4IsWhatItsFloatsAre() throws IOException {
        Tensor expected = TwinModel.logits(
                directory(plain, ",\"truncate\":false", ",\"layer_types\":[\"sliding_attention\",\"full_attention\"]"));
        Tensor published =
                TwinModel.logits(directory(packed, "", ",\"quantization_config\":{\"quant_method\":\"mxfp4\"}"));
        Compare.assertClose("published", expected, published, Tolerance.EXACT);
    }

    /** GGUF files don't say the limit, which is 7 in all models. */
    @Test
    void ggufIsTheSame() throws IOException {
        Path file = dir.resolve("model.gguf");
        gguf.write(file);
        Path published = directory(packed, "", ",\"quantization_config\":{\"quant_method\":\"mxfp4\"}");
        Path config = published.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"swiglu_limit\":2.0", "\"swiglu_limit\":7.0"));
        Compare.assertClose("gguf", TwinModel.logits(published), TwinModel.logits(file), new Tolerance(1e-5, 1e-5));
    }
}
