package org.attention4j.loaders.ggufmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.gguf.GgufFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written holds the same tensors and hyperparameters as what llama.cpp's own converter made of the same models. */
class LlamaCppFilesTest {
    /** Exponentials differ in the last place. */
    private static final double TOLERANCE = 2e-7;

    /** Not of the model, or of what the reference has no need to state. */
    private static final Set<String> OTHER = Set.of("general.name", "general.size_label");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama_mqa_tied",
                "llama_yarn",
                "mixtral",
                "granite",
                "qwen2",
                "qwen3",
                "mamba",
                "mamba2",
                "falcon_mamba",
                "bamba"
            })
    void sameTensorsAndHyperparameters(String model) throws IOException {
        try (GgufFile expected = GgufFile.open(Golden.path("gguf/" + model + "-f32.gguf"));
                GgufFile actual = GgufFile.open(convert(model, DType.F32))) {
            assertEquals(names(expected), names(actual));
            for (TensorInfo info : expected.tensors()) {
                assertSame(info.name(), expected.tensor(info.name()), actual.tensor(info.name()));
            }
            for (String key : expected.metadata().keys()) {
                if (!OTHER.contains(key)) {
                    assertEquals(
                            expected.metadata().find(key), actual.metadata().find(key), key);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-f16", "llama-q8_0", "qwen3-q8_0", "mamba2-f16"})
    void sameTypesAndRounding(String name) throws IOException {
        String model = name.substring(0, name.indexOf('-'));
        DType type = name.endsWith("f16") ? DType.F16 : DType.Q8_0;
        try (GgufFile expected = GgufFile.open(Golden.path("gguf/" + name + ".gguf"));
                GgufFile actual = GgufFile.open(convert(model, type))) {
            for (TensorInfo info : expected.tensors()) {
                assertEquals(info.type(), actual.tensorInfo(info.name()).type(), info.name());
                assertSame(info.name(), expected.tensor(info.name()), actual.tensor(info.name()));
            }
            assertEquals(
                    expected.metadata().integer("general.file_type"),
                    actual.metadata().integer("general.file_type"));
        }
    }

    /** A file in GGUF gets another type, and keeps all else. */
    @Test
    void aGgufFileIsRounded() throws IOException {
        Path out = folder.resolve("rounded.gguf");
        try (Checkpoint floats = ModelFormats.open(Golden.path("gguf/llama-f32.gguf"));
                GgufFile expected = GgufFile.open(Golden.path("gguf/llama-q8_0.gguf"))) {
            GgufExport.prepare(floats, Architectures.define(floats), DType.Q8_0, out)
                    .write();
            try (GgufFile actual = GgufFile.open(out)) {
                for (TensorInfo info : expected.tensors()) {
                    assertEquals(expected.tensorInfo(info.name()), actual.tensorInfo(info.name()));
                    assertSame(info.name(), expected.tensor(info.name()), actual.tensor(info.name()));
                }
                assertEquals(expected.metadata().keys(), actual.metadata().keys());
                for (String key : expected.metadata().keys()) {
                    assertEquals(
                            expected.metadata().find(key), actual.metadata().find(key), key);
                }
            }
        }
    }

    private Path convert(String model, DType type) throws IOException {
        Path out = folder.resolve(model + ".gguf");
        try (Checkpoint checkpoint = ModelFormats.open(Golden.path("models/" + model))) {
            GgufExport.prepare(checkpoint, Architectures.define(checkpoint), type, out)
                    .write();
        }
        return out;
    }

    private static Set<String> names(GgufFile file) {
        return file.tensors().stream().map(TensorInfo::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertSame(String name, Tensor expected, Tensor actual) {
        assertEquals(expected.toString(), actual.toString(), name);
        float[] wanted = expected.toFloatArray();
        float[] got = actual.toFloatArray();
        for (int i = 0; i < wanted.length; i++) {
            int at = i;
            assertTrue(
                    Math.abs(wanted[i] - got[i]) <= TOLERANCE * Math.abs(wanted[i]),
                    () -> "%s at %d: got %s, expected %s".formatted(name, at, got[at], wanted[at]));
        }
    }
}
