package org.attention4j.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.testkit.GoldenData;
import org.attention4j.tornado.machine.JavaMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many launches a token takes: each costs about as much as a small product. */
class JavaLaunchesTest {
    private static final int CONTEXT = 32;

    private static List<Plan.Launch> launches(ModelFiles files, Backend backend) {
        return files.plan(backend, CompileOptions.DEFAULT, CONTEXT).launches();
    }

    private static int times(List<Plan.Launch> launches) {
        return launches.stream().mapToInt(Plan.Launch::times).sum();
    }

    private static int mostOfALayer(ModelFiles files, List<Plan.Launch> launches) {
        return files.definition().layers().stream()
                .map(LayerInfo::name)
                .mapToInt(layer ->
                        times(launches.stream().filter(l -> l.isOf(layer)).toList()))
                .max()
                .orElseThrow();
    }

    @Test
    void aLayerOfALlamaDecodesInFewLaunches() {
        try (ModelFiles files = ModelFiles.open("builtin:stories", Optional.empty())) {
            List<Plan.Launch> launches = launches(files, TestBackends.java());
            int layers = files.definition().layers().size();
            int most = mostOfALayer(files, launches);
            assertTrue(most <= 8, () -> "%d launches of one layer: %s".formatted(most, launches));
            // Beside the layers: input, embedding, rotary table (2), wanted rows, last norm, logits, result.
            assertTrue(times(launches) <= 8 * layers + 8, () -> "%d launches: %s".formatted(times(launches), launches));
        }
    }

    /** What others take today, which may become less. More than 8: routing is two launches; low-rank products (rwkv7_fla). */
    @ParameterizedTest
    @CsvSource({
        "llama, 8",
        "mistral, 8",
        "qwen3, 8",
        "gemma2, 8",
        "gemma3, 8",
        "olmo2, 8",
        "cohere, 5",
        "falcon_mqa, 5",
        "gpt_oss, 8",
        "mixtral, 8",
        "qwen2_moe, 10",
        "qwen3_moe, 8",
        "mamba, 8",
        "mamba2, 7",
        "rwkv4, 8",
        "rwkv7_fla, 13"
    })
    void aLayerDecodesInFewLaunches(String name, int most) {
        Path model = GoldenData.assumePresent().directory().resolve("models").resolve(name);
        try (ModelFiles files = ModelFiles.open(model.toString(), Optional.empty())) {
            List<Plan.Launch> launches = launches(files, TestBackends.java());
            int found = mostOfALayer(files, launches);
            assertTrue(found <= most, () -> "%d launches of one layer: %s".formatted(found, launches));
        }
    }

    @Test
    void aTokenLaunchesWhatThePlanSays() {
        JavaMachine machine = new JavaMachine();
        try (Backend backend = TestBackends.java(machine);
                ModelFiles files = ModelFiles.open("builtin:stories", Optional.empty())) {
            List<Plan.Launch> launches = launches(files, backend);
            assertEquals(0, machine.traffic().total().launches());
            try (CompiledModel model = CompiledModel.compile(files.definition(), backend, CompileOptions.DEFAULT);
                    Session session = model.newSession(CONTEXT)) {
                for (int token = 1; token <= 2; token++) {
                    long before = machine.traffic().total().launches();
                    session.decode(token);
                    // What goes to the device and comes from it are launches there, but not in plain Java.
                    List<Plan.Launch> ofKernels = launches.stream()
                            .filter(l ->
                                    !l.kernel().equals("write") && !l.kernel().equals("read"))
                            .toList();
                    assertEquals(times(ofKernels), machine.traffic().total().launches() - before);
                }
            }
        }
    }

    @Test
    void aLoopsLaunchesCountAsOftenAsItGoesRound() {
        GraphBuilder body = new GraphBuilder("body");
        Value sum = body.input("sum", TensorType.of(DType.F32));
        Value x = body.input("x", TensorType.of(DType.F32));
        body.result("next", body.add(sum, x));
        GraphBuilder b = new GraphBuilder("sums");
        Value xs = b.input("xs", TensorType.of(DType.F32, Dims.SEQ));
        b.result(
                "sum",
                b.scoped("layer", () -> b.scan(body.build(), 1, 1, 0, List.of(b.scalar(DType.F32, 0), xs)))
                        .getFirst());
        Graph graph = b.build();
        List<Plan.Launch> five = launches(graph, 5);
        List<Plan.Launch> nine = launches(graph, 9);
        assertEquals(4, times(nine) - times(five));
        assertTrue(nine.stream().anyMatch(l -> l.times() == 9 && l.isOf("layer")), nine::toString);
        assertFalse(nine.stream().anyMatch(l -> l.isOf("lay")), nine::toString);
    }

    private static List<Plan.Launch> launches(Graph graph, long seq) {
        Plan plan = TestBackends.java().plan(graph, CompileOptions.DEFAULT, Map.of("seq", seq));
        assertEquals(TestBackends.java().plan(graph, CompileOptions.DEFAULT), plan.withLaunches(List.of()));
        return plan.launches();
    }
}
