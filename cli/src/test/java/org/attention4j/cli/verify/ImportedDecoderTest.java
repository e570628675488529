package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.ImmutableIntArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attention4j.ModelFiles;
import org.attention4j.cli.random.RandomShape;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.OnnxExport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small models with random weights, written as ONNX and imported, against themselves. */
class ImportedDecoderTest {
    /** Sums of F32 in another order; logits are below 10. */
    private static final float TOLERANCE = 2e-4f;

    private static final ImmutableIntArray TOKENS = ImmutableIntArray.of(3, 17, 8, 22, 1, 0, 13, 5);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"Q4_0, INT4_G32", "Q8_0, INT8_G32", "F32, F32"})
    void givesTheSameLogitsTokenByToken(DType dtype, DType imported) throws IOException {
        Path gguf = folder.resolve("model.gguf");
        Path onnx = folder.resolve("model.onnx");
        RandomShape.parse("llama:d=64,layers=2,heads=4,kv=2,ff=64,vocab=320,experts=4,chosen=2")
                .random(dtype, 1)
                .write(gguf);
        try (ModelFiles files = ModelFiles.open(gguf.toString())) {
            OnnxExport.write(files.definition(), onnx, new OnnxExport.Options(TOKENS.length(), true, Map.of()));
        }
        assertArrayEquals(logits(gguf), logits(onnx), TOLERANCE);
        Set<DType> weights = OnnxImport.importGraph(onnx).ops().stream()
                .filter(op -> op instanceof Composite c && c.name().equals("linear"))
                .map(op -> ((Composite) op).input("weight").type().dtype())
                .filter(t -> dtype == DType.F32 || t.isQuantized())
                .collect(Collectors.toSet());
        assertEquals(Set.of(imported), weights);
    }

    private static float[] logits(Path file) {
        try (ModelFiles files = ModelFiles.open(file.toString());
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                ModelRun run = new ModelRun(files.definition(), backend)) {
            return run.score(Feed.TOKEN_BY_TOKEN, TOKENS).toFloatArray();
        }
    }
}
