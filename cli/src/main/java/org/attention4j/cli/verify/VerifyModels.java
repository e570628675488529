package org.attention4j.cli.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.UnsupportedModelException;

/**
 * Runs models whose logits were recorded: with the prompt at once, in uneven chunks and token by token, logits must be within
 * tolerance and greedy tokens equal.
 *
 * <p>Weights in {@code F32} are held to the recorded logits. Rounded weights have logits of their own: those that the reference
 * backend gives with them take the recorded ones' place. It must itself come as near to the recorded ones as twice what a known
 * implementation did. With block-quantised weights a backend may quantise activations too, as that implementation did: its logits
 * may differ as far as the latter's, and where two tokens are as near as that, either may be the most probable.
 */
public final class VerifyModels {
    private static final String OLD_CONFIG = "config.v4.json";

    private final Backend backend;
    private final Backend reference;

    /** Verifies {@code backend}; both stay the caller's. */
    public VerifyModels(Backend backend, Backend reference) {
        this.backend = backend;
        this.reference = reference;
    }

    /** Runs the chosen models in the Hugging Face layout, one after the other as the stream is read. */
    public Stream<VerifyResult> models(GoldenIndex index, Predicate<GoldenModel> chosen) {
        return new GoldenModels(index).models().stream().filter(chosen).map(this::run);
    }

    /** Runs the chosen GGUF files, one after the other as the stream is read. */
    public Stream<VerifyResult> ggufs(GoldenIndex index, Predicate<GoldenModel> chosen) {
        return new GoldenModels(index).ggufs().stream().filter(chosen).map(this::run);
    }

    private VerifyResult run(GoldenModel golden) {
        VerifyResult.Outcome outcome;
        try (Checkpoint checkpoint = ModelFormats.open(golden.path())) {
            outcome = run(golden, checkpoint);
        } catch (UnsupportedModelException e) {
            outcome = new VerifyResult.Skipped(String.valueOf(e.getMessage()));
        } catch (RuntimeException | IOException e) {
            // Whatever one case throws is a finding about that case; the others still run.
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            outcome = new VerifyResult.Failed(Double.NaN, golden.tolerance(), reason);
        }
        return new VerifyResult(golden.id(), golden.name(), outcome);
    }

    private VerifyResult.Outcome run(GoldenModel golden, Checkpoint checkpoint) throws IOException {
        ModelExpectation recorded = ModelExpectation.recorded(golden);
        ModelDefinition definition = Architectures.define(checkpoint);
        ModelExpectation expected = recorded;
        if (has(checkpoint, t -> t != DType.F32)) {
            boolean blocks = has(checkpoint, DType::isQuantized);
            double error = blocks ? golden.storedError().orElse(0) : 0;
            Tolerance tolerance = new Tolerance(
                    Math.max(error, golden.tolerance().absolute()),
                    golden.tolerance().relative());
            try (ModelRun run = new ModelRun(definition, reference)) {
                expected = run.expectation(recorded, tolerance);
            }
            Optional<String> far = farFromRecorded(golden, recorded, expected);
            if (far.isPresent()) {
                return new VerifyResult.Failed(Double.NaN, tolerance, far.get());
            }
        }
        try (ModelRun run = new ModelRun(definition, backend)) {
            Comparison comparison = run.compare(expected);
            Optional<String> mismatch = comparison.mismatch().or(() -> compareOldConfig(golden, recorded));
            return mismatch.isPresent()
                    ? new VerifyResult.Failed(comparison.maxError(), expected.tolerance(), mismatch.get())
                    : new VerifyResult.Passed(comparison.maxError(), expected.tolerance());
        }
    }

    private static boolean has(Checkpoint checkpoint, Predicate<DType> type) {
        return checkpoint.tensors().stream()
                .map(TensorInfo::dtype)
                .flatMap(Optional::stream)
                .anyMatch(type);
    }

    private static Optional<String> farFromRecorded(
            GoldenModel golden, ModelExpectation recorded, ModelExpectation dequantised) {
        if (golden.storedError().isEmpty()) {
            return Optional.empty();
        }
        Tolerance twice = new Tolerance(
                2
                        * Math.max(
                                golden.storedError().getAsDouble(),
                                golden.tolerance().absolute()),
                0);
        return Comparison.of("logits", dequantised.logits(), recorded.logits(), twice)
                .mismatch()
                .map(m -> "dequantised on the reference backend: " + m);
    }

    /** The same model described in the style of earlier configurations, where there is such a description. */
    private Optional<String> compareOldConfig(GoldenModel golden, ModelExpectation recorded) {
        if (!Files.exists(golden.path().resolve(OLD_CONFIG))) {
            return Optional.empty();
        }
        try (TemporaryModel old = TemporaryModel.withConfig(golden.path(), OLD_CONFIG);
                Checkpoint checkpoint = ModelFormats.open(old.directory());
                ModelRun run = new ModelRun(Architectures.define(checkpoint), backend)) {
            return recorded.compare(run.score(Feed.AT_ONCE, recorded.sequence()))
                    .mismatch()
                    .map(m -> OLD_CONFIG + ": " + m);
        } catch (ModelFormatException e) {
            return Optional.of(OLD_CONFIG + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory with a model's weights and one of its configurations as {@code config.json}. */
    private record TemporaryModel(Path directory) implements AutoCloseable {
        private static final String WEIGHTS = "model.safetensors";
        private static final String CONFIG = "config.json";

        static TemporaryModel withConfig(Path model, String config) throws IOException {
            Path directory = Files.createTempDirectory("attention4j-verify-");
            Files.copy(model.resolve(WEIGHTS), directory.resolve(WEIGHTS));
            Files.copy(model.resolve(config), directory.resolve(CONFIG));
            return new TemporaryModel(directory);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(directory.resolve(WEIGHTS));
            Files.deleteIfExists(directory.resolve(CONFIG));
            Files.deleteIfExists(directory);
        }
    }
}
