package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.attention4j.cli.random.RandomShape;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExpertsCommandTest {
    @TempDir
    private Path directory;

    private Path experts() throws IOException {
        Path file = directory.resolve("experts.gguf");
        String shape = "llama:d=32,layers=2,heads=4,kv=2,ff=32,vocab=300,context=64,experts=5,chosen=2";
        RandomShape.parse(shape).random(DType.F32, 3).write(file);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "onnx"})
    void countsTheTokensOfEachExpert(String backend) throws IOException {
        String out = Cli.run(
                        "experts", "--model", experts(), "--backend", backend, "--tokens", "7,8,9,200,201,5", "--json")
                .done();
        JsonNode report = JsonMapper.shared().readTree(out);
        assertEquals(6, report.get("tokens").asInt());
        assertEquals(2, report.get("layers").size());
        for (JsonNode layer : report.get("layers")) {
            assertEquals(5, layer.get("counts").size());
            long sum = 0;
            long most = 0;
            for (JsonNode count : layer.get("counts")) {
                sum += count.asLong();
                most = Math.max(most, count.asLong());
            }
            assertEquals(12, sum);
            assertEquals(most * 5 / 12.0, layer.get("imbalance").asDouble(), 1e-9);
        }
    }

    @Test
    void saysItInWords() throws IOException {
        String out = Cli.run("experts", "--model", experts(), "--backend", "reference", "--tokens", "7")
                .done();
        assertTrue(
                out.lines()
                        .toList()
                        .get(1)
                        .matches("model\\.layers\\.1/moe: ([01] ){4}[01]; the busiest has 2\\.50 times its share"),
                out);
    }

    @Test
    void modelsWithoutExpertsAreErrors() throws IOException {
        Path tiny = RandomModels.tiny(directory);
        Cli.run("experts", "--model", tiny, "--backend", "reference", "--tokens", "7")
                .assertRefused("attention4j: %s: a model without experts".formatted(tiny));
        Cli.run("experts", "--model", tiny, "--backend", "reference", "--tokens", "300")
                .assertRefused("attention4j: --tokens: got 300, expected ids from 0 to 299");
    }
}
