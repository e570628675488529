package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.onnx.OnnxExport;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded model, written as ONNX, run as it is: logits in pieces, and greedy tokens one at a time with states. */
class ExportedModelsTest {
    @TempDir
    private Path folder;

    static Stream<GoldenModel> models() {
        GoldenIndex index = GoldenIndex.read(GoldenData.assumePresent().directory());
        return new GoldenModels(index).models().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void givesRecordedLogitsAndTokens(GoldenModel golden) throws IOException {
        ModelExpectation expected = ModelExpectation.recorded(golden);
        Path file = folder.resolve(golden.name() + ".onnx");
        try (ModelFiles files = ModelFiles.open(golden.path().toString())) {
            ModelDefinition definition = files.definition();
            int room = Math.min(
                    files.contextLength(OptionalInt.empty()),
                    expected.sequence().length());
            OnnxExport.write(definition, file, new OnnxExport.Options(room, false, Map.of()));
        }
        try (ModelFiles exported = ModelFiles.open(file.toString());
                Backend backend = Backends.create("onnx", BackendOptions.DEFAULT);
                ModelRun run = new ModelRun(exported.definition(), backend)) {
            Comparison logits = expected.compare(run.score(Feed.AT_ONCE, expected.sequence()));
            assertEquals(Optional.empty(), logits.mismatch());
            ImmutableIntArray greedy = run.greedy(
                            Feed.TOKEN_BY_TOKEN,
                            expected.prompt(),
                            expected.greedy().length())
                    .tokens();
            assertEquals(Optional.empty(), expected.compareGreedy(greedy));
        }
    }
}
