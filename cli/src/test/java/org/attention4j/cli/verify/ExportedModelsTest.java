package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.OnnxExport;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.testkit.GoldenData;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded model, written as ONNX, run as it is and by import: logits in pieces, and greedy tokens one at a time with states.
 */
class ExportedModelsTest {
    private static final Map<String, String> COMPOSITES = Map.of(
            "Attention", "attention",
            "CausalConvWithState", "causal_conv",
            "LinearAttention", "linear_recurrence",
            "RotaryEmbedding", "rope");

    private static final Pattern ATTENTION = Pattern.compile("(.*_)?(mha|mqa|gqa|mla)");

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
        Path file = export(golden, expected);
        requireExpected(file, "onnx", expected);
        requireExpected(file, "reference", expected);
        requireComposites(file, golden);
    }

    private Path export(GoldenModel golden, ModelExpectation expected) throws IOException {
        Path file = folder.resolve(golden.name() + ".onnx");
        try (ModelFiles files = ModelFiles.open(golden.path().toString())) {
            ModelDefinition definition = files.definition();
            int room = Math.min(
                    files.contextLength(OptionalInt.empty()),
                    expected.sequence().length());
            OnnxExport.write(definition, file, new OnnxExport.Options(room, false, Map.of()));
        }
        return file;
    }

    /** On {@code onnx} the file as it is, on others its import. */
    private static void requireExpected(Path file, String name, ModelExpectation expected) {
        try (ModelFiles exported = ModelFiles.open(file.toString());
                Backend backend = Backends.create(name, BackendOptions.DEFAULT);
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

    /** What is one operator in the file is one op of the import. */
    private static void requireComposites(Path file, GoldenModel golden) throws IOException {
        List<NodeProto> nodes = OnnxModels.read(file).getGraph().getNodeList();
        Graph imported = OnnxImport.importGraph(file);
        COMPOSITES.forEach((operator, op) -> assertEquals(
                nodes.stream().filter(n -> n.getOpType().equals(operator)).count(),
                count(imported, op),
                golden.name() + ": " + operator));
        assertEquals(attentionLayers(golden), count(imported, "attention"), golden.name());
    }

    /** Those with a cache of keys, or of latent vectors. */
    private static long attentionLayers(GoldenModel golden) {
        try (ModelFiles files = ModelFiles.open(golden.path().toString())) {
            return files.definition().layers().stream()
                    .filter(l -> ATTENTION.matcher(l.mixer()).matches())
                    .count();
        }
    }

    private static long count(Graph graph, String op) {
        return graph.ops().stream().filter(o -> o.name().equals(op)).count();
    }
}
