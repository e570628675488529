package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.cli.Cli;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
    private static final String SHAPE = "llama:d=64,layers=1,heads=4,kv=2,ff=96,vocab=500,context=32,theta=5e5";

    @TempDir
    private Path directory;

    @Test
    void writesWeightsOfTheWantedType() throws IOException {
        for (DType dtype : new DType[] {DType.F32, DType.F16, DType.Q8_0, DType.Q4_0}) {
            try (Checkpoint model =
                    ModelFormats.open(convert("--dtype", dtype.name().toLowerCase(Locale.ROOT)))) {
                assertEquals("llama", model.architecture());
                assertEquals(dtype, model.tensor("token_embd.weight", 500, 64).dtype());
                assertEquals(
                        dtype, model.tensor("blk.0.ffn_down.weight", 64, 96).dtype());
                assertEquals(DType.F32, model.tensor("output_norm.weight", 64).dtype());
                assertEquals(5e5, model.config().number("rope_parameters.rope_theta"));
                assertDeviation(0.6 / Math.sqrt(64), model.tensor("token_embd.weight"));
            }
        }
    }

    @Test
    void writesExperts() throws IOException {
        Path out = directory.resolve("moe.gguf");
        Cli.run("convert", "--random", SHAPE + ",experts=3", "--dtype", "q4_0", out)
                .done();
        try (LanguageModel model =
                LanguageModel.builder(out.toString()).backend("reference").open()) {
            assertEquals(
                    "Q4_0[3, 64, 96]",
                    model.checkpoint().tensor("blk.0.ffn_down_exps.weight").toString());
            try (Session session = model.newSession()) {
                assertEquals(500, session.decode(7).shape().elements());
            }
        }
    }

    @Test
    void equalSeedsGiveEqualFiles() throws IOException {
        byte[] first = Files.readAllBytes(convert("--seed", "1"));
        assertArrayEquals(first, Files.readAllBytes(convert("--seed", "1")));
        assertFalse(Arrays.equals(first, Files.readAllBytes(convert("--seed", "2"))));
    }

    @Test
    void badShapesAreErrors() {
        refuse(
                "XL",
                "shape: got XL, expected one of S, M, MoE, MoE-dense, mamba130m, mamba2_130m, rwkv7_190m or llama: or phi3:d=...,layers=...,heads=...");
        refuse("llama:d=64,layers=1", "shape: heads is missing, expected an integer from 1 to 16777216");
        refuse("llama:d=64,layers=1,heads=3", "shape: d 64 is not a multiple of heads 3");
        refuse("llama:d=64,layers=1,heads=4,kv=3", "shape: heads 4 is not a multiple of kv 3");
        refuse("llama:d=64,layers=1,heads=64", "shape: d 64 over heads 64 is 1, expected an even head size");
        refuse(
                "llama:d=64,layers=1,heads=4,width=1",
                "shape: got [width], expected d, layers, heads, kv, ff, vocab, context, theta, experts, chosen");
        refuse("llama:d=64,layers=1,heads=4,experts=4,chosen=5", "shape: chosen is 5, expected at most experts 4");
        refuse(
                "llama:d=64,layers=1,heads=4,chosen=2",
                "shape: got [chosen], expected d, layers, heads, kv, ff, vocab, context, theta, experts, chosen");
        refuse("llama:d=64,d=64", "shape: got 'd=64', expected NAME=NUMBER, each once");
        refuse(
                SHAPE + ",window=8",
                "shape: got [window], expected d, layers, heads, kv, ff, vocab, context, theta, experts, chosen");
        refuse(
                "phi3:d=64,layers=1,heads=4,experts=2",
                "shape: got [experts], expected d, layers, heads, kv, ff, vocab, context, theta, window");
        refuse("phi3:d=64,layers=1,heads=4,context=64,window=64", "shape: window is 64, expected less than context 64");
        refuse("llama:d=1e99,layers=1,heads=4", "shape: d is 1e99, expected an integer from 1 to 16777216");
        refuse("llama:d=64,layers=1,heads=4,vocab=257", "shape: vocab is 257, expected more than 257");
    }

    @Test
    void rowsThatBlocksDoNotDivideAreErrors() {
        Cli.run("convert", "--random", "llama:d=48,layers=1,heads=4", "--dtype", "q8_0", directory.resolve("x.gguf"))
                .assertRefused("attention4j: shape: d 48 is not a multiple of 32, the block size of Q8_0");
    }

    /** The weights' own type by default, another one with {@code --dtype}. */
    @Test
    void writesAnEmbeddedModelAsGguf() throws IOException {
        Path out = directory.resolve("gqa.gguf");
        assertEquals("", Cli.run("convert", "builtin:gqa", out).done(), "the result is the file");
        try (Checkpoint model = ModelFormats.open(out)) {
            assertEquals("llama", model.architecture());
            assertEquals("gqa", model.metadata().text("general.name"));
            assertEquals(
                    DType.F16, model.tensor("blk.3.ffn_down.weight", 128, 160).dtype());
        }
        Path smaller = directory.resolve("smaller.gguf");
        Cli.run("convert", out, smaller, "--dtype", "q4_0").done();
        try (Checkpoint model = ModelFormats.open(smaller)) {
            assertEquals(
                    DType.Q4_0, model.tensor("blk.3.ffn_down.weight", 128, 160).dtype());
        }
        assertEquals(
                Cli.run("generate", "--model", "builtin:gqa", "--max-tokens", "12", "--prompt", "Once upon a time")
                        .done(),
                Cli.run("generate", "--model", out, "--max-tokens", "12", "--prompt", "Once upon a time")
                        .done());
    }

    @Test
    void whatGgufCannotTellIsAnError() throws IOException {
        Path out = directory.resolve("window.gguf");
        Cli.run("convert", "builtin:window", out)
                .assertRefusedLike(
                        "attention4j: builtin:window: as GGUF: layers see the last 48 tokens, and the architecture llama"
                                + " has no sliding window: a file would compute something else");
        Cli.run("convert", "builtin:gla", out)
                .assertRefusedLike(
                        "attention4j: builtin:gla: as GGUF: the architecture 'gla' is not one of those .*: bamba, .*");
        Path inside = Files.writeString(directory.resolve("file"), "").resolve("m.gguf");
        Cli.Result result = Cli.run("convert", "builtin:mha", inside);
        assertTrue(
                result.err()
                        .endsWith("attention4j: %s: a file, expected a folder or nothing\n"
                                .formatted(inside.getParent())),
                result.err());
        assertEquals(2, result.exitCode());
        Cli.run("convert", "builtin:mha", out, "--dtype", "q6_k")
                .assertRefused("attention4j: gguf: the matrices' type is Q6_K, expected F32, F16, Q8_0 or Q4_0");
        assertFalse(Files.exists(out));
    }

    @Test
    void otherEndingsAreErrors() {
        Cli.run("convert", "--random", SHAPE, "model.bin")
                .assertRefused("attention4j: model.bin: expected a name that ends in .gguf");
        Cli.run("convert", "builtin:gqa", "model.bin")
                .assertRefused(
                        "attention4j: model.bin: expected a name that ends in .onnx or .gguf after the model to convert");
    }

    private void refuse(String shape, String message) {
        Path out = directory.resolve("refused.gguf");
        Cli.run("convert", "--random", shape, out).assertRefused("attention4j: " + message);
        assertFalse(Files.exists(out));
    }

    private Path convert(String option, String value) {
        Path out = directory.resolve("model.gguf");
        Cli.Result result = Cli.run("convert", "--random", SHAPE, option, value, out);
        assertEquals("", result.done(), "the result is the file");
        return out;
    }

    private static void assertDeviation(double expected, Tensor weights) {
        float[] values = weights.toFloatArray();
        double squares = 0;
        for (float v : values) {
            squares += (double) v * v;
        }
        double actual = Math.sqrt(squares / values.length);
        assertTrue(Math.abs(actual / expected - 1) < 0.02, weights + ": " + actual);
        assertNotEquals(values[0], values[1]);
    }
}
