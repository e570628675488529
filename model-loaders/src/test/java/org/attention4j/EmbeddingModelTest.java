package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.architecture.TinyBert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingModelTest {
    private static final String TOKENIZER = """
        {"version": "1.0",
         "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
         "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": null,
                     "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
         "added_tokens": [%s, %s, %s],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                        "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
           "pair": [], "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                          "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100,
                   "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "we": 4, "open": 5, "##ed": 6, "it": 7,
                             ".": 8, "all": 9, "##s": 10}}}\
        """.formatted(added(1, "[UNK]"), added(2, "[CLS]"), added(3, "[SEP]"));
    private static final int[] WE_OPENED_IT = {2, 4, 5, 6, 7, 3};

    @TempDir
    private Path directory;

    private Path model = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyBert.write(directory);
        Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
    }

    @Test
    void theMeanIsTakenWhereNothingIsSaid() {
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            assertEquals(Pooling.MEAN, opened.pooling());
            assertEquals(16, opened.dimension());
            assertNear(mean(TinyBert.hidden(WE_OPENED_IT)), opened.embed("We opened it"));
        }
    }

    @Test
    void modulesSayHowToPoolAndToNormalize() throws IOException {
        writeModules("cls_token", true);
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            assertEquals(Pooling.CLS, opened.pooling());
            assertNear(normalized(TinyBert.hidden(WE_OPENED_IT)[0]), opened.embed("We opened it"));
        }
    }

    @Test
    void theCallerMaySayOtherwise() throws IOException {
        writeModules("mean_tokens", true);
        try (EmbeddingModel opened = EmbeddingModel.builder(model.toString())
                .pooling(Pooling.LAST)
                .normalize(false)
                .backend("reference")
                .open()) {
            assertNear(TinyBert.hidden(WE_OPENED_IT)[5], opened.embed("We opened it"));
        }
    }

    @Test
    void manyTextsAreAsOneByOne() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            texts.add("it opens ".repeat(i % 3) + (i % 2 == 0 ? "all." : "we"));
        }
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            List<TextEmbedding> all = opened.embedAll(texts);
            assertEquals(70, all.size());
            for (int i = 0; i < 12; i++) {
                assertArrayEquals(opened.embed(texts.get(i)), all.get(i).vector(), 1e-5f);
                assertArrayEquals(all.get(i).vector(), all.get(i + 6).vector(), 1e-5f);
            }
            assertEquals(List.of(), opened.embedAll(List.of()));
        }
    }

    @Test
    void longTextsAreCutOffBeforeTheLastToken() throws IOException {
        Files.writeString(
                directory.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 4, \"do_lower_case\": false}");
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            TextEmbedding cut = opened.embedAll(List.of("we opened it")).getFirst();
            assertTrue(cut.truncated());
            assertEquals(4, cut.numTokens());
            assertNear(mean(TinyBert.hidden(2, 4, 5, 3)), cut.vector());
            assertFalse(opened.embedAll(List.of("we it")).getFirst().truncated());
        }
    }

    @Test
    void eachTokenHasAVectorToo() {
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            float[][] rows = opened.embedEachToken("we opened it");
            double[][] expected = TinyBert.hidden(WE_OPENED_IT);
            assertEquals(6, rows.length);
            for (int i = 0; i < 6; i++) {
                assertNear(expected[i], rows[i]);
            }
        }
    }

    @Test
    void tokensMayBeGiven() throws IOException {
        Files.delete(directory.resolve("tokenizer.json"));
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            assertNear(
                    mean(TinyBert.hidden(5, 6)),
                    opened.embedTokens(List.of(new int[] {5, 6})).getFirst().vector());
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> opened.embedTokens(List.of(new int[10])));
            assertEquals("encode: got 10 tokens, expected 1 to 9", e.getMessage());
        }
    }

    @Test
    void encodersDoNotGenerateAndDecodersDoNotEmbed() throws IOException {
        UnsupportedModelException encoder =
                assertThrows(UnsupportedModelException.class, () -> LanguageModel.open(model));
        assertTrue(
                String.valueOf(encoder.getMessage())
                        .endsWith("the architecture bert is an encoder: it gives vectors and can't generate text; use"
                                + " embed"),
                encoder.getMessage());
        Path decoder = AlphabetModel.write(directory.resolve("alphabet.gguf"));
        UnsupportedModelException other =
                assertThrows(UnsupportedModelException.class, () -> EmbeddingModel.open(decoder));
        assertTrue(String.valueOf(other.getMessage()).contains("expected an encoder"), other.getMessage());
    }

    private void writeModules(String pooling, boolean normalize) throws IOException {
        Files.createDirectories(directory.resolve("1_Pooling"));
        Files.writeString(
                directory.resolve("1_Pooling/config.json"),
                "{\"word_embedding_dimension\": 16, \"pooling_mode_%s\": true}".formatted(pooling));
        String last = normalize
                ? ", {\"idx\": 2, \"name\": \"2\", \"path\": \"2_Normalize\","
                        + " \"type\": \"sentence_transformers.models.Normalize\"}"
                : "";
        Files.writeString(directory.resolve("modules.json"), """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}%s]\
            """.formatted(last));
    }

    private static String added(int id, String content) {
        return """
            {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
             "special": true}\
            """.formatted(id, content);
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

    private static double[] normalized(double[] vector) {
        double squares = 0;
        for (double x : vector) {
            squares += x * x;
        }
        double[] out = vector.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] /= Math.sqrt(squares);
        }
        return out;
    }

    private static void assertNear(double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-4, "entry " + i);
        }
    }
}
