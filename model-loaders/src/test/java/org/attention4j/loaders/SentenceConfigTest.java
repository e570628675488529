package org.attention4j.loaders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.loaders.architecture.TinyBert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceConfigTest {
    @TempDir
    private Path directory;

    @Test
    void withoutFilesItIsTheMean() {
        assertEquals(new SentenceConfig(Pooling.MEAN, false, OptionalInt.empty()), read());
    }

    @Test
    void newerFilesNameThePooling() throws IOException {
        write("sentence_bert_config.json", "{\"max_seq_length\": null}");
        writePooling("{\"embedding_dimension\": 16, \"pooling_mode\": \"lasttoken\"}");
        assertEquals(new SentenceConfig(Pooling.LAST, false, OptionalInt.empty()), read());
    }

    @Test
    void whatCanNotBeComputedIsRefused() throws IOException {
        writePooling("{\"pooling_mode_mean_sqrt_len_tokens\": true}");
        assertFails("'pooling_mode_mean_sqrt_len_tokens' is true, expected false");
        writePooling("{\"pooling_mode_cls_token\": true, \"pooling_mode_max_tokens\": true}");
        assertFails("'pooling_mode_max_tokens' is true, expected one pooling, not [cls_token, max_tokens]");
        writePooling("{\"pooling_mode\": \"median\"}");
        assertFails("'pooling_mode' is 'median', expected cls, mean, max or lasttoken");
        writePooling("[]");
        assertFails("the JSON document is not an object");
    }

    @Test
    void modulesAreThoseOfSentences() throws IOException {
        write("modules.json", "[{\"path\": \"2_Dense\", \"type\": \"sentence_transformers.models.Dense\"}]");
        assertFails("the module 'sentence_transformers.models.Dense', expected Transformer, Pooling and Normalize");
        write("modules.json", "[{\"path\": \"../../..\", \"type\": \"sentence_transformers.models.Pooling\"}]");
        assertFails("the path '../../..', expected one inside the model's directory");
        write("modules.json", "[1]");
        assertFails("a module without a text 'type'");
        write("modules.json", "[{\"path\": \"1_Pooling\", \"type\": \"Pooling\"}]");
        assertFails("no such file");
    }

    private SentenceConfig read() {
        try (Checkpoint checkpoint = ModelFormats.open(TinyBert.write(directory))) {
            return SentenceConfig.of(checkpoint);
        }
    }

    private void assertFails(String ending) {
        ModelFormatException e = assertThrows(ModelFormatException.class, this::read);
        assertTrue(String.valueOf(e.getMessage()).contains(ending), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    private void writePooling(String json) throws IOException {
        Files.createDirectories(directory.resolve("1_Pooling"));
        write("1_Pooling/config.json", json);
    }

    private void write(String file, String json) throws IOException {
        Files.writeString(directory.resolve(file), json);
    }
}
