package org.attention4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Storage;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.ModelEmitter;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.ScanLimits;
import org.attention4j.onnx.emit.WeightStore;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.TensorProto;

/** Lowers graphs to ONNX models and runs them in ONNX Runtime. */
final class OnnxBackend implements Backend {
    static final String NAME = "onnx";

    private static final Storage STORAGE = new Storage(128, 128);
    private static final ImmutableList<Lowering> LOWERINGS = ImmutableList.<Lowering>builder()
            .addAll(ServiceLoader.load(OnnxLowering.class, OnnxBackend.class.getClassLoader()))
            .addAll(ServiceLoader.load(OnnxRewrite.class, OnnxBackend.class.getClassLoader()))
            .build();

    private final OrtEnvironment environment = OrtRuntime.environment();
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
    public CompiledGraph compile(Graph graph, CompileOptions compileOptions) {
        LoweringContext context = new LoweringContext(graph, options.exactActivations());
        LoweringChooser<Lowering> chooser = new LoweringChooser<>(LOWERINGS, compileOptions);
        Map<Composite, OnnxLowering> chosen = new HashMap<>();
        List<OnnxRewrite.Limit> limits = new ArrayList<>();
        Function<Graph, Decomposer> decomposers = part -> composite -> {
            Optional<Lowering> choice = chooser.choose(
                    composite,
                    l -> l instanceof OnnxLowering lowering
                            ? lowering.supports(composite, context.within(part))
                            : l.supports(composite));
            if (choice.isPresent() && choice.get() instanceof OnnxLowering lowering) {
                chosen.put(composite, lowering);
                limits.addAll(lowering.limits(composite));
                return Optional.empty();
            }
            if (choice.isPresent() && choice.get() instanceof OnnxRewrite rewrite) {
                limits.addAll(rewrite.limits(composite));
                return Optional.of((b, inputs) -> rewrite.rewrite(b, composite, inputs));
            }
            return Decomposer.ALL.decompositionOf(composite);
        };
        Graph lowered = Expansion.expand(graph, decomposers.apply(graph));
        limits.addAll(ScanLimits.of(lowered));
        ModelEmitter emitter = new ModelEmitter(
                context,
                c -> Optional.ofNullable(chosen.get(c)),
                inner -> Expansion.expand(inner, decomposers.apply(inner)));
        try (TemporaryFolder folder = new TemporaryFolder()) {
            ModelEmitter.Emitted model;
            List<TensorProto> seldomRead;
            try (WeightStore weights = new WeightStore(folder.path())) {
                model = emitter.emit(lowered, weights);
                seldomRead = weights.seldomRead();
            }
            Path file = folder.path().resolve("model.onnx");
            OnnxModels.write(model.proto(), file);
            return OnnxGraph.load(
                    environment,
                    file,
                    seldomRead,
                    graph,
                    model.states(),
                    limits,
                    chooser.plan(NAME, device().id()),
                    options);
        } catch (IOException | UncheckedIOException e) {
            throw new BackendException(
                    "graph %s: its ONNX model can't be written to %s: %s"
                            .formatted(graph.name(), System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {}
}
