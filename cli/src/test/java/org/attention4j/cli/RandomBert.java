package org.attention4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.testkit.RandomTensors;

/** A BERT of one layer with random weights and a vocabulary of the letters a and b. */
public final class RandomBert {
    private static final int HIDDEN = 16;

    private RandomBert() {}

    /** Writes it to a GGUF file. */
    public static Path write(Path file) throws IOException {
        List<String> tokens = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁a", "▁b", "a", "b");
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "bert")
                .uint32("bert.context_length", 32)
                .uint32("bert.embedding_length", HIDDEN)
                .uint32("bert.block_count", 1)
                .uint32("bert.feed_forward_length", 24)
                .uint32("bert.attention.head_count", 2)
                .float32("bert.attention.layer_norm_epsilon", 1e-12)
                .uint32("bert.pooling_type", 1)
                .string("tokenizer.ggml.model", "bert")
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", 3, 2, 3, 3, 1, 1, 1, 1)
                .uint32("tokenizer.ggml.unknown_token_id", 1)
                .uint32("tokenizer.ggml.bos_token_id", 2)
                .uint32("tokenizer.ggml.cls_token_id", 2)
                .uint32("tokenizer.ggml.seperator_token_id", 3);
        matrix(writer, "token_embd", tokens.size(), HIDDEN);
        matrix(writer, "position_embd", 32, HIDDEN);
        matrix(writer, "token_types", 2, HIDDEN);
        norm(writer, "token_embd_norm");
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            linear(writer, "blk.0." + name, HIDDEN, HIDDEN);
        }
        norm(writer, "blk.0.attn_output_norm");
        linear(writer, "blk.0.ffn_up", 24, HIDDEN);
        linear(writer, "blk.0.ffn_down", HIDDEN, 24);
        norm(writer, "blk.0.layer_output_norm");
        writer.write(file);
        return file;
    }

    private static void matrix(GgufWriter writer, String name, long rows, long columns) {
        add(writer, name + ".weight", Shape.of(rows, columns));
    }

    private static void linear(GgufWriter writer, String name, long out, long in) {
        matrix(writer, name, out, in);
        add(writer, name + ".bias", Shape.of(out));
    }

    private static void norm(GgufWriter writer, String name) {
        add(writer, name + ".weight", Shape.of(HIDDEN));
        add(writer, name + ".bias", Shape.of(HIDDEN));
    }

    private static void add(GgufWriter writer, String name, Shape shape) {
        writer.tensor(name, RandomTensors.normal(name.hashCode(), 0.4, shape));
    }
}
