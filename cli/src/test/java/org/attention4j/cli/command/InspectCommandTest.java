package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
    }

    @Test
    void hasALineForEachLayerAndKindOfOp() {
        String out = inspect().done();
        assertTrue(out.contains("architecture  llama, random 2x32"), out);
        assertTrue(out.contains("tokenizer     byte-level BPE, 300 tokens, 1 of them special"), out);
        assertTrue(out.contains("    0  gqa "), out);
        assertTrue(out.contains("    1  gqa "), out);
        assertTrue(out.contains("2 × cached_attention "), out);
        assertTrue(out.contains("states        8.0 KiB for a context of 32 tokens"), out);
    }

    @Test
    void jsonAddsUp() throws IOException {
        JsonNode i = JsonMapper.shared().readTree(inspect("--json").done());
        // Embeddings, then per layer q, o, k, v, gate, up, down and two norms, and the last norm.
        long parameters = 300 * 32 + 2 * (2 * 32 * 32 + 2 * 16 * 32 + 3 * 64 * 32 + 2 * 32) + 32;
        assertEquals(parameters, i.get("parameters").asLong());
        assertEquals(4 * parameters, i.get("weightBytes").asLong());
        assertTrue(Files.size(model) > 4 * parameters);
        assertEquals("byte-level BPE", i.get("tokenizer").get("kind").asString());
        assertEquals(300, i.get("tokenizer").get("tokens").asInt());
        assertEquals(299, i.get("tokenizer").get("ends").get(0).asInt());
        assertTrue(i.get("tokenizer").get("problem").isNull());
        assertEquals("F32", i.get("tensorTypes").get(0).get("type").asString());
        assertEquals(20, i.get("tensorTypes").get(0).get("tensors").asInt());
        assertEquals(2, i.get("layers").size());
        // Keys and values of two heads of eight, four bytes each, for 32 tokens.
        assertEquals(
                2 * 2 * 8 * 4 * 32, i.get("layers").get(0).get("stateBytes").asLong());
        assertEquals(2 * 2 * 2 * 8 * 4 * 32, i.get("stateBytes").asLong());
        assertEquals("reference", i.get("plan").get("backend").asString());
    }

    @Test
    void aTokenizerThatCanNotBeReadIsAReason() throws IOException {
        Path other = Files.writeString(directory.resolve("rwkv_vocab.txt"), "1 a 1\n");
        String out = inspect("--tokenizer", other).done();
        assertTrue(out.contains("tokenizer     none: " + other + ": line 1 has the token '1 a 1': it is not in"), out);
        Files.writeString(other, "1 'a' 1\n");
        out = inspect("--tokenizer", other).done();
        assertTrue(out.contains("tokenizer     RWKV world, 2 tokens, 1 of them special"), out);
    }

    @Test
    void compilesNothing() {
        String out =
                Cli.run("inspect", "--model", model, "--backend", "planning").done();
        assertTrue(out.contains("plan          planning on paper"), out);
        assertTrue(out.contains("2 × cached_attention → decomposed, first"), out);
        Cli.run("generate", "--model", model, "--backend", "planning", "--tokens", 1)
                .assertRefusedLike(".*backend planning: it compiles nothing");
    }

    /** The planning backend launches one thing for each composite, and one for the input. */
    @Test
    void tellsTheLaunchesOfATokenWhereTheBackendDoes() {
        Object[] planning = {"inspect", "--model", model, "--backend", "planning"};
        JsonNode plan = JsonMapper.shared()
                .readTree(Cli.run("inspect", "--model", model, "--backend", "planning", "--json")
                        .done())
                .get("plan");
        JsonNode launches = plan.get("launches");
        int composites = 0;
        for (JsonNode choice : plan.get("choices")) {
            composites += choice.get("count").asInt();
        }
        assertEquals(composites + 1, launches.get("total").asInt());
        assertEquals(composites, launches.get("kernels").get("step").asInt());
        int first = launches.get("layers").get(0).asInt();
        int second = launches.get("layers").get(1).asInt();
        int most = launches.get("mostOfALayer").asInt();
        assertEquals(Math.max(first, second), most);
        assertTrue(first > 7 && first + second < composites, () -> "some ops are of no layer: " + launches);
        String line = "launches      %d per token, at most %d per layer (%d × step, 1 × write)"
                .formatted(composites + 1, most, composites);
        String out = Cli.run(planning).done();
        assertTrue(out.contains(line), out);
        assertTrue(JsonMapper.shared()
                .readTree(inspect("--json").done())
                .get("plan")
                .get("launches")
                .isNull());
    }

    @Test
    void anEmbeddedModelKeepsItsName() {
        String out = Cli.run("inspect", "--model", "builtin:rwkv7").done();
        assertTrue(out.startsWith("model         builtin:rwkv7 (safetensors)"), out);
        assertTrue(out.contains("  att: recurrent [shift F32[batch, 128], wkv F32[batch, 2, 64, 64]]; ffn: "), out);
    }

    @Test
    void aFileThatIsNoOnnxModelIsRefusedInOneSentence() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.onnx"), "no model of any kind");
        Cli.run("inspect", "--model", file)
                .assertRefusedLike("attention4j: %s: not an ONNX model: [^:.]+".formatted(file));
    }

    @Test
    void aContextThatIsTooLongIsRefused() {
        Cli.run("inspect", "--model", model, "--context", 65)
                .assertRefusedLike(".*context length: got 65, expected 1 to 64, which .* was trained for");
    }

    /** Recurrences take as much for any number of tokens, and have no longest context. */
    @ParameterizedTest
    @ValueSource(strings = {"rwkv4", "rwkv7_fla", "mamba", "mamba2", "falcon_mamba"})
    void theStatesOfARecurrenceDoNotGrow(String name) {
        Path recurrence =
                GoldenData.assumePresent().directory().resolve("models").resolve(name);
        JsonNode few = inspect(recurrence, 1000);
        JsonNode many = inspect(recurrence, 1_000_000);
        assertEquals(1000, few.get("context").asInt());
        assertEquals(1_000_000, many.get("context").asInt());
        assertTrue(few.get("stateBytes").asLong() > 0);
        assertEquals(few.get("stateBytes"), many.get("stateBytes"));
        assertEquals(few.get("layers"), many.get("layers"));
    }

    private static JsonNode inspect(Path file, int context) {
        return JsonMapper.shared()
                .readTree(Cli.run("inspect", "--model", file, "--context", context, "--json")
                        .done());
    }

    private static Cli.Result inspect(Object... more) {
        Object[] first = {"inspect", "--model", model, "--backend", "reference", "--context", 32};
        Object[] args = new Object[first.length + more.length];
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Cli.run(args);
    }
}
