package org.attention4j.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Storage;
import org.attention4j.onnx.custom.CustomWeights;
import org.attention4j.onnx.emit.WeightFile;
import org.attention4j.onnx.emit.WeightNames;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.TensorProto;

/** Lowers graphs to ONNX models and runs them in ONNX Runtime. */
final class OnnxBackend implements Backend {
    static final String NAME = "onnx";

    private static final Storage STORAGE = new Storage(128, 128);

    private final OnnxOptions options;

    OnnxBackend(OnnxOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Device device() {
        return options.device();
    }

    @Override
    public Storage storage() {
        return STORAGE;
    }

    @Override
    public boolean runsFiles(String format) {
        return format.equals(ExternalGraph.FORMAT);
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions compileOptions) {
        Optional<Composite> external = ExternalGraph.find(graph);
        if (external.isPresent()) {
            return ExternalGraph.load(graph, external.get(), options);
        }
        CustomWeights customWeights = new CustomWeights(options.threads());
        try {
            return compile(graph, compileOptions, customWeights);
        } catch (RuntimeException | Error e) {
            customWeights.close();
            throw e;
        }
    }

    private CompiledGraph compile(Graph graph, CompileOptions compileOptions, CustomWeights customWeights) {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Emission emission;
            List<TensorProto> seldomRead;
            try (WeightFile weights = new WeightFile(folder.path(), customWeights)) {
                emission = Emission.of(graph, options, compileOptions, weights);
                seldomRead = weights.seldomRead();
            }
            Path file = folder.path().resolve("model.onnx");
            OnnxModels.write(emission.model().proto(), file);
            return OnnxGraph.load(OrtRuntime.environment(), file, seldomRead, customWeights, graph, emission, options);
        } catch (IOException | UncheckedIOException e) {
            throw new BackendException(
                    "graph %s: its ONNX model can't be written to %s: %s"
                            .formatted(graph.name(), System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    /** Emits the nodes alone: neither weights nor ONNX Runtime are touched. */
    @Override
    public Plan plan(Graph graph, CompileOptions compileOptions) {
        return ExternalGraph.find(graph)
                .map(external -> ExternalGraph.plan(external, options))
                .orElseGet(() -> Emission.of(graph, options, compileOptions, new WeightNames())
                        .plan());
    }

    @Override
    public void close() {}
}
