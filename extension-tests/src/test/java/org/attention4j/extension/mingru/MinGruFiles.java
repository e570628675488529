package org.attention4j.extension.mingru;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.RandomTensors;

/** A small model with random weights, in the two file formats. */
final class MinGruFiles {
    static final int LAYERS = 2;
    static final int VOCAB = 13;
    static final int HIDDEN = 8;
    static final int STATE = 5;

    private MinGruFiles() {}

    /** Writes a GGUF file. */
    static Path writeGguf(Path file) throws IOException {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "mingru")
                .string("general.name", "tiny")
                .uint32("mingru.block_count", LAYERS)
                .uint32("mingru.context_length", 64)
                .uint32("mingru.embedding_length", HIDDEN)
                .uint32("mingru.gru.state_size", STATE)
                .float32("mingru.attention.layer_norm_rms_epsilon", 1e-5);
        tensors().forEach((name, tensor) -> writer.tensor(ggufName(name), tensor));
        writer.write(file);
        return file;
    }

    /** Writes a directory as Hugging Face has them; {@code without} is the name of a tensor to leave out. */
    static Path writeDirectory(Path directory, String without) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
            {
              "model_type": "mingru",
              "hidden_size": %d,
              "state_size": %d,
              "num_hidden_layers": %d,
              "max_position_embeddings": 64,
              "rms_norm_eps": 1e-5
            }
            """.formatted(HIDDEN, STATE, LAYERS));
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors().forEach((name, tensor) -> {
            if (!name.equals(without)) {
                writer.tensor(name, tensor);
            }
        });
        writer.write(directory.resolve("model.safetensors"));
        return directory;
    }

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "model.embed_tokens.weight", VOCAB, HIDDEN);
        put(tensors, "model.norm.weight", HIDDEN);
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i;
            put(tensors, layer + ".input_layernorm.weight", HIDDEN);
            put(tensors, layer + ".mixer.gate.weight", STATE, HIDDEN);
            put(tensors, layer + ".mixer.candidate.weight", STATE, HIDDEN);
            put(tensors, layer + ".mixer.out.weight", HIDDEN, STATE);
        }
        return tensors;
    }

    private static void put(Map<String, Tensor> tensors, String name, long... dims) {
        tensors.put(name, RandomTensors.of(DType.F32, name.hashCode(), Shape.of(dims)));
    }

    private static String ggufName(String name) {
        return name.replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("model.layers.", "blk.")
                .replace("input_layernorm", "attn_norm")
                .replace("mixer.", "gru_");
    }
}
