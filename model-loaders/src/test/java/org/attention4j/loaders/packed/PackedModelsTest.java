package org.attention4j.loaders.packed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with packed layers give what the same models do with these layers' weights as floats, whatever they do to weights. */
class PackedModelsTest {
    private static final int HIDDEN = 32;
    private static final int WIDE = 64;
    private static final int VOCABULARY = 24;
    private static final int[] TOKENS = {3, 19, 0, 7, 7, 12, 1};

    @TempDir
    private Path dir;

    private final SafetensorsWriter packed = new SafetensorsWriter();
    private final SafetensorsWriter plain = new SafetensorsWriter();
    private int layers;

    /** Adds a layer with groups of inputs in any order. */
    private void layer(String name, int outputs, int inputs) {
        PackedLayer layer = PackedLayer.random(++layers, outputs, 4, PackedLayer.shuffled(inputs, 16), 1, 15);
        layer.writeGptq(packed, name, 1, true);
        plain.tensor(name + ".weight", Tensor.f32(Shape.of(outputs, inputs), layer.dequantised()));
    }

    /** The same of a model whose plain matrices are {@code [in, out]}. */
    private void transposedLayer(String name, int outputs, int inputs) {
        PackedLayer layer = PackedLayer.random(++layers, outputs, 4, PackedLayer.inOrder(inputs, 16), 1, 15);
        layer.writeGptq(packed, name, 1, true);
        float[] weight = layer.dequantised();
        Tensor transposed = Tensor.zeros(DType.F32, Shape.of(inputs, outputs));
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                transposed.setDouble((long) i * outputs + o, weight[o * inputs + i]);
            }
        }
        plain.tensor(name + ".weight", transposed);
        both(name + ".bias", outputs);
    }

    private void both(String name, long... dims) {
        Tensor t = RandomTensors.of(DType.F32, name.hashCode(), Shape.of(dims));
        packed.tensor(name, t);
        plain.tensor(name, t);
    }

    private void assertSameLogits(String config) throws IOException {
        String quantization = "\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":16}";
        Tensor expected = logits(plain, "{%s}".formatted(config));
        Tensor actual = logits(packed, "{%s,%s}".formatted(config, quantization));
        Compare.assertClose("logits", expected, actual, Tolerance.EXACT);
    }

    private Tensor logits(SafetensorsWriter weights, String config) throws IOException {
        Files.writeString(dir.resolve("config.json"), config);
        weights.write(dir.resolve("model.safetensors"));
        try (Checkpoint checkpoint = ModelFormats.open(dir);
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledModel model =
                        CompiledModel.compile(Architectures.define(checkpoint), backend, CompileOptions.DEFAULT);
                Session session = model.newSession(TOKENS.length)) {
            return session.score(TOKENS);
        }
    }

    @Test
    void layersByThemselves() throws IOException {
        both("model.embed_tokens.weight", VOCABULARY, HIDDEN);
        both("model.norm.weight", HIDDEN);
        both("model.layers.0.input_layernorm.weight", HIDDEN);
        both("model.layers.0.post_attention_layernorm.weight", HIDDEN);
        layer("model.layers.0.self_attn.q_proj", HIDDEN, HIDDEN);
        layer("model.layers.0.self_attn.k_proj", HIDDEN / 2, HIDDEN);
        layer("model.layers.0.self_attn.v_proj", HIDDEN / 2, HIDDEN);
        layer("model.layers.0.self_attn.o_proj", HIDDEN, HIDDEN);
        layer("model.layers.0.mlp.gate_proj", WIDE, HIDDEN);
        layer("model.layers.0.mlp.up_proj", WIDE, HIDDEN);
        layer("model.layers.0.mlp.down_proj", HIDDEN, WIDE);
        assertSameLogits("""
            "model_type":"llama","num_hidden_layers":1,"hidden_size":32,"intermediate_size":64,
            "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":64,"rms_norm_eps":1e-5\
            """);
    }

    @Test
    void fusedLayersThatAreSplit() throws IOException {
        both("model.embed_tokens.weight", VOCABULARY, HIDDEN);
        both("model.norm.weight", HIDDEN);
        both("model.layers.0.input_layernorm.weight", HIDDEN);
        both("model.layers.0.post_attention_layernorm.weight", HIDDEN);
        layer("model.layers.0.self_attn.qkv_proj", 2 * HIDDEN, HIDDEN);
        layer("model.layers.0.self_attn.o_proj", HIDDEN, HIDDEN);
        layer("model.layers.0.mlp.gate_up_proj", 2 * WIDE, HIDDEN);
        layer("model.layers.0.mlp.down_proj", HIDDEN, WIDE);
        layer("lm_head", VOCABULARY, HIDDEN);
        assertSameLogits("""
            "model_type":"phi3","num_hidden_layers":1,"hidden_size":32,"intermediate_size":64,
            "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":64,"rms_norm_eps":1e-5\
            """);
    }

    @Test
    void fusedLayersWhoseRowsAreSorted() throws IOException {
        both("gpt_neox.embed_in.weight", VOCABULARY, HIDDEN);
        both("embed_out.weight", VOCABULARY, HIDDEN);
        for (String norm : new String[] {
            "gpt_neox.final_layer_norm",
            "gpt_neox.layers.0.input_layernorm",
            "gpt_neox.layers.0.post_attention_layernorm"
        }) {
            both(norm + ".weight", HIDDEN);
            both(norm + ".bias", HIDDEN);
        }
        layer("gpt_neox.layers.0.attention.query_key_value", 3 * HIDDEN, HIDDEN);
        both("gpt_neox.layers.0.attention.query_key_value.bias", 3 * HIDDEN);
        layer("gpt_neox.layers.0.attention.dense", HIDDEN, HIDDEN);
        both("gpt_neox.layers.0.attention.dense.bias", HIDDEN);
        layer("gpt_neox.layers.0.mlp.dense_h_to_4h", WIDE, HIDDEN);
        both("gpt_neox.layers.0.mlp.dense_h_to_4h.bias", WIDE);
        layer("gpt_neox.layers.0.mlp.dense_4h_to_h", HIDDEN, WIDE);
        both("gpt_neox.layers.0.mlp.dense_4h_to_h.bias", HIDDEN);
        assertSameLogits("""
            "model_type":"gpt_neox","num_hidden_layers":1,"hidden_size":32,"intermediate_size":64,
            "num_attention_heads":4,"max_position_embeddings":64,"layer_norm_eps":1e-5,"rotary_pct":0.5\
            """);
    }

    @Test
    void layersOfModelsThatKeepTheirMatricesTransposed() throws IOException {
        both("transformer.wte.weight", VOCABULARY, HIDDEN);
        both("transformer.wpe.weight", 64, HIDDEN);
        for (String norm : new String[] {"transformer.ln_f", "transformer.h.0.ln_1", "transformer.h.0.ln_2"}) {
            both(norm + ".weight", HIDDEN);
            both(norm + ".bias", HIDDEN);
        }
        transposedLayer("transformer.h.0.attn.c_attn", 3 * HIDDEN, HIDDEN);
        transposedLayer("transformer.h.0.attn.c_proj", HIDDEN, HIDDEN);
        transposedLayer("transformer.h.0.mlp.c_fc", 4 * HIDDEN, HIDDEN);
        transposedLayer("transformer.h.0.mlp.c_proj", HIDDEN, 4 * HIDDEN);
        assertSameLogits("""
            "model_type":"gpt2","n_layer":1,"n_embd":32,"n_head":4,"n_positions":64,"layer_norm_epsilon":1e-5\
            """);
    }

    @Test
    void expertsOneByOne() throws IOException {
        both("model.embed_tokens.weight", VOCABULARY, HIDDEN);
        both("lm_head.weight", VOCABULARY, HIDDEN);
        both("model.norm.weight", HIDDEN);
        both("model.layers.0.input_layernorm.weight", HIDDEN);
        both("model.layers.0.post_attention_layernorm.weight", HIDDEN);
        for (String projection : new String[] {"q", "k", "v", "o"}) {
            layer("model.layers.0.self_attn." + projection + "_proj", HIDDEN, HIDDEN);
        }
        both("model.layers.0.block_sparse_moe.gate.weight", 3, HIDDEN);
        for (int e = 0; e < 3; e++) {
            layer("model.layers.0.block_sparse_moe.experts." + e + ".w1", WIDE, HIDDEN);
            layer("model.layers.0.block_sparse_moe.experts." + e + ".w3", WIDE, HIDDEN);
            layer("model.layers.0.block_sparse_moe.experts." + e + ".w2", HIDDEN, WIDE);
        }
        assertSameLogits("""
            "model_type":"mixtral","num_hidden_layers":1,"hidden_size":32,"intermediate_size":64,
            "num_attention_heads":4,"num_key_value_heads":4,"max_position_embeddings":64,"rms_norm_eps":1e-5,
            "num_local_experts":3,"num_experts_per_tok":2\
            """);
    }
}
