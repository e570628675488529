package org.attention4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;

/** A llama model that says the letters after the last one of its prompt, up to z. */
final class AlphabetModel {
    private static final int HIDDEN = 32;
    private static final int A = 3;
    private static final int END = A + 26;
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private AlphabetModel() {}

    static Path write(Path file) throws IOException {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "llama")
                .uint32("llama.block_count", 1)
                .uint32("llama.context_length", 40)
                .uint32("llama.embedding_length", HIDDEN)
                .uint32("llama.feed_forward_length", HIDDEN)
                .uint32("llama.attention.head_count", 2)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
                .uint32("llama.rope.dimension_count", HIDDEN / 2);
        vocabulary(writer);
        writer.tensor("token_embd.weight", oneHot(0));
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            writer.tensor("blk.0." + name + ".weight", Tensor.zeros(DType.F32, Shape.of(HIDDEN, HIDDEN)));
        }
        writer.tensor("blk.0.attn_norm.weight", ones());
        writer.tensor("blk.0.ffn_norm.weight", ones());
        writer.tensor("output_norm.weight", ones());
        writer.tensor("output.weight", oneHot(1));
        writer.write(file);
        return file;
    }

    private static void vocabulary(GgufWriter writer) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "▁"));
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        tokens.add("</s>");
        int[] types = new int[tokens.size()];
        Arrays.fill(types, NORMAL);
        types[0] = 2;
        types[1] = CONTROL;
        types[END] = CONTROL;
        writer.string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", tokens)
                .float32s("tokenizer.ggml.scores", new float[tokens.size()])
                .int32s("tokenizer.ggml.token_type", types)
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", END)
                .bool("tokenizer.ggml.add_bos_token", true);
    }

    /** Row {@code i} is one at {@code i − shift}. */
    private static Tensor oneHot(int shift) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(END + 1, HIDDEN));
        for (int i = shift; i <= END; i++) {
            t.setDouble((long) i * HIDDEN + i - shift, 1);
        }
        return t;
    }

    private static Tensor ones() {
        float[] ones = new float[HIDDEN];
        Arrays.fill(ones, 1);
        return Tensor.f32(Shape.of(HIDDEN), ones);
    }
}
