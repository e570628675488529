package org.attention4j.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.backend.Progress;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What crosses the bus for a token, as the profile tells it, and that TornadoVM's own profiler agrees. */
class TornadoTrafficTest {
    private static final int CONTEXT = 512;
    /** Bytes of a cursor of 8 integers, and at most of the header that TornadoVM's arrays have. */
    private static final int CURSOR = 32 + 24;

    private static final int[] DEPTHS = {10, 500};

    /** Keeps what it is told. */
    private static final class Told implements Progress {
        private final List<String> begun = new ArrayList<>();
        private int ended;

        @Override
        public void begin(String what, int number, int total) {
            assertEquals(ended, begun.size(), "one at a time");
            assertEquals(begun.size() + 1, number);
            assertTrue(number <= total);
            begun.add(what);
        }

        @Override
        public void end() {
            ended++;
        }
    }

    @Test
    void aTokenTakesNoMoreToTheDeviceAtALargerDepth(@TempDir Path directory) throws IOException {
        if (new TornadoProvider().probe() instanceof Probe.Missing(String reason, String remedy)) {
            abort("%s: %s".formatted(reason, remedy));
        }
        Told progress = new Told();
        BackendOptions options = new BackendOptions(
                Optional.empty(),
                OptionalInt.empty(),
                ImmutableMap.of("profile", directory.resolve("profile").toString()),
                progress);
        int launches;
        int vocabSize;
        List<Integer> runs = new ArrayList<>();
        try (Backend backend = new TornadoProvider().create(options);
                ModelFiles files = ModelFiles.open("builtin:stories", Optional.empty())) {
            vocabSize = files.definition().info().vocabSize();
            launches = files.plan(backend, CompileOptions.DEFAULT, CONTEXT).launches().stream()
                    .mapToInt(Plan.Launch::times)
                    .sum();
            assertEquals(List.of(), progress.begun, "a plan compiles nothing");
            try (CompiledModel model = CompiledModel.compile(files.definition(), backend, CompileOptions.DEFAULT);
                    Session session = model.newSession(CONTEXT)) {
                int chunk = model.storage().prefillChunk();
                int ran = 0;
                // The first token alone, so that what is compiled for it is not counted with a later one.
                session.decode(1);
                ran++;
                for (int depth : DEPTHS) {
                    int missing = depth - session.position();
                    session.prefill(
                            IntStream.range(0, missing).map(i -> 1 + i % 200).toArray());
                    ran += Math.ceilDiv(missing, chunk);
                    session.decode(2);
                    runs.add(ran++);
                }
            }
        }
        assertTrue(progress.begun.contains("compiling kernel attention"), progress.begun::toString);
        assertEquals(progress.begun.size(), progress.ended);

        JsonNode profile = JsonMapper.shared().readTree(Files.readString(only(directory)));
        JsonNode shallow = profile.get("runs").get(runs.get(0));
        JsonNode deep = profile.get("runs").get(runs.get(1));
        for (String field :
                List.of("launches", "bytesToDevice", "bytesFromDevice", "reportedToDevice", "reportedFromDevice")) {
            assertEquals(shallow.get(field), deep.get(field), field);
        }
        assertEquals(launches, deep.get("launches").asInt());
        int to = deep.get("bytesToDevice").asInt();
        int from = deep.get("bytesFromDevice").asInt();
        // The logits' array has less than twice as many elements, and 1024 at least.
        assertTrue(from >= 4 * vocabSize && from <= 8 * vocabSize + 4096 + 64, () -> from + " bytes from the device");
        // Beside the cursors the smallest array for inputs: 128 floats and 129 integers.
        assertTrue(to >= launches * 32 && to <= launches * CURSOR + 1200, () -> to + " bytes to the device");
        // Kernels' arguments are no arrays, but TornadoVM counts them.
        int others = deep.get("reportedToDevice").asInt() - to;
        assertTrue(others >= 0 && others <= launches * 64, () -> others + " bytes more are reported: " + deep);
        assertEquals(from, deep.get("reportedFromDevice").asInt());
        assertTrue(deep.get("nanos").asLong() > 0);
        long nanos = 0;
        for (JsonNode kernel : profile.get("kernels")) {
            nanos += kernel.get("nanos").asLong();
        }
        assertEquals(profile.get("total").get("nanos").asLong(), nanos);
    }

    private static Path only(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return files.iterator().next();
        }
    }
}
