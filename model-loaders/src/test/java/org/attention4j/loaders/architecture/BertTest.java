package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.core.session.CompiledEncoder;
import org.attention4j.core.session.CompiledEncoder.Encoded;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.gguf.GgufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertTest {
    private static final int[][] SEQUENCES = {{3, 0, 10, 7, 7}, {5, 9}};
    private static final int[][] TYPES = {{0, 0, 0, 1, 1}, {0, 1}};

    @TempDir
    private Path directory;

    @Test
    void everyTokenSeesAllOthersButPadding() {
        WrittenModel model = TinyBert.model("bert.", 9);
        run(model.write(directory, TinyBert.CONFIG), (definition, compiled) -> {
            assertEquals(9, definition.info().contextLength());
            Encoded encoded = compiled.encode(SEQUENCES, TYPES);
            for (int s = 0; s < SEQUENCES.length; s++) {
                double[][] expected = TinyBert.hidden(model, "bert.", SEQUENCES[s], TYPES[s], 0);
                PlainMath.assertNear(expected, rows(encoded.hidden(), s, SEQUENCES[s].length));
                PlainMath.assertNear(new double[][] {mean(expected)}, rows(encoded.pooled(), s, 1));
            }
        });
    }

    @Test
    void thePoolerReadsTheFirstToken() {
        WrittenModel model = TinyBert.model("bert.", 9);
        double[][] first = {TinyBert.hidden(model, "bert.", SEQUENCES[1], TYPES[1], 0)[0]};
        double[][] expected = PlainMath.map(model.linear("bert.pooler.dense", first), Math::tanh);
        try (Checkpoint checkpoint = ModelFormats.open(model.write(directory, TinyBert.CONFIG));
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            EncoderModel definition = assertInstanceOf(EncoderModel.class, Architectures.define(checkpoint));
            try (CompiledEncoder compiled =
                    CompiledEncoder.compile(definition.withPooling(Pooling.POOLER), backend, CompileOptions.DEFAULT)) {
                PlainMath.assertNear(
                        expected, rows(compiled.encode(SEQUENCES, TYPES).pooled(), 1, 1));
            }
        }
    }

    /** RoBERTa's padding has id 1, so position 0 is row 2. It has one token type. */
    @Test
    void robertasPositionsBeginAfterThePadding() {
        WrittenModel model = TinyBert.model("roberta.", 11);
        String config = TinyBert.CONFIG
                .replace("\"bert\"", "\"roberta\"")
                .replace("\"pad_token_id\": 0", "\"pad_token_id\": 1")
                .replace("\"max_position_embeddings\": 9", "\"max_position_embeddings\": 11");
        run(model.write(directory, config), (definition, compiled) -> {
            assertEquals(9, definition.info().contextLength());
            Encoded encoded = compiled.encode(SEQUENCES);
            double[][] expected = TinyBert.hidden(model, "roberta.", SEQUENCES[0], new int[5], 2);
            PlainMath.assertNear(expected, rows(encoded.hidden(), 0, 5));
        });
    }

    @Test
    void ggufIsTheSame() throws IOException {
        WrittenModel model = TinyBert.model("", 9);
        Path gguf = directory.resolve("bert.gguf");
        gguf(model).uint32("bert.pooling_type", 2).write(gguf);
        run(gguf, (definition, compiled) -> {
            assertEquals(Pooling.CLS, definition.pooling());
            Encoded encoded = compiled.encode(SEQUENCES, TYPES);
            double[][] expected = TinyBert.hidden(model, "", SEQUENCES[0], TYPES[0], 0);
            PlainMath.assertNear(expected, rows(encoded.hidden(), 0, 5));
            PlainMath.assertNear(new double[][] {expected[0]}, rows(encoded.pooled(), 0, 1));
        });
    }

    @Test
    void normsMayHaveTheirOldNames() {
        WrittenModel model = TinyBert.model("bert.", 9);
        Path old = model.renamed("LayerNorm.weight", "LayerNorm.gamma")
                .renamed("LayerNorm.bias", "LayerNorm.beta")
                .write(directory, TinyBert.CONFIG);
        run(old, (definition, compiled) -> {
            double[][] expected = TinyBert.hidden(model, "bert.", SEQUENCES[0], TYPES[0], 0);
            PlainMath.assertNear(
                    expected, rows(compiled.encode(SEQUENCES, TYPES).hidden(), 0, 5));
        });
    }

    @Test
    void whatItCannotReadIsRefused() {
        run(TinyBert.model("bert.", 9).write(directory, TinyBert.CONFIG), (definition, compiled) -> {
            assertFails("encode: got no sequence, expected at least one", compiled);
            assertFails("encode: got 0 tokens, expected 1 to 9", compiled, new int[0]);
            assertFails("encode: got 10 tokens, expected 1 to 9", compiled, new int[10]);
            assertFails("encode: got 11 among the token ids, expected 0 to 10", compiled, new int[] {11});
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> compiled.encode(new int[][] {{1}}, new int[][] {{2}}));
            assertEquals("encode: got 2 among the token types, expected 0 to 1", e.getMessage());
        });
    }

    private static void assertFails(String message, CompiledEncoder compiled, int[]... sequences) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> compiled.encode(sequences));
        assertEquals(message, e.getMessage());
    }

    private static void run(Path path, BiConsumer<EncoderModel, CompiledEncoder> test) {
        try (Checkpoint checkpoint = ModelFormats.open(path);
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            EncoderModel definition = assertInstanceOf(EncoderModel.class, Architectures.define(checkpoint));
            try (CompiledEncoder compiled = CompiledEncoder.compile(definition, backend, CompileOptions.DEFAULT)) {
                test.accept(definition, compiled);
            }
        }
    }

    private static GgufWriter gguf(WrittenModel model) {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "bert")
                .uint32("bert.context_length", 9)
                .uint32("bert.embedding_length", TinyBert.HIDDEN)
                .uint32("bert.block_count", 2)
                .uint32("bert.feed_forward_length", 24)
                .uint32("bert.attention.head_count", 2)
                .float32("bert.attention.layer_norm_epsilon", 1e-12)
                .bool("bert.attention.causal", false);
        for (String kind : new String[] {".weight", ".bias"}) {
            model.copy("embeddings.LayerNorm" + kind, writer, "token_embd_norm" + kind);
            for (int i = 0; i < 2; i++) {
                String layer = "encoder.layer." + i + ".";
                String block = "blk." + i + ".";
                model.copy(layer + "attention.self.query" + kind, writer, block + "attn_q" + kind);
                model.copy(layer + "attention.self.key" + kind, writer, block + "attn_k" + kind);
                model.copy(layer + "attention.self.value" + kind, writer, block + "attn_v" + kind);
                model.copy(layer + "attention.output.dense" + kind, writer, block + "attn_output" + kind);
                model.copy(layer + "attention.output.LayerNorm" + kind, writer, block + "attn_output_norm" + kind);
                model.copy(layer + "intermediate.dense" + kind, writer, block + "ffn_up" + kind);
                model.copy(layer + "output.dense" + kind, writer, block + "ffn_down" + kind);
                model.copy(layer + "output.LayerNorm" + kind, writer, block + "layer_output_norm" + kind);
            }
        }
        model.copy("embeddings.word_embeddings.weight", writer, "token_embd.weight");
        model.copy("embeddings.position_embeddings.weight", writer, "position_embd.weight");
        model.copy("embeddings.token_type_embeddings.weight", writer, "token_types.weight");
        return writer;
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                mean[i] += row[i] / rows.length;
            }
        }
        return mean;
    }

    /** The first rows of the s-th sequence. */
    private static double[][] rows(Tensor t, int s, int count) {
        int size = (int) t.shape().dim(-1);
        long perSequence = t.shape().elements() / t.shape().dim(0);
        double[][] rows = new double[count][size];
        for (int r = 0; r < count; r++) {
            for (int i = 0; i < size; i++) {
                rows[r][i] = t.getDouble(s * perSequence + (long) r * size + i);
            }
        }
        return rows;
    }
}
