package org.attention4j.cli.verify;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.loaders.onnx.OnnxTensors;

/**
 * Runs ONNX's own tests of single operators: folders with a {@code model.onnx} and sets of inputs and outputs
 * ({@code test_data_set_0/input_0.pb}, …).
 */
public final class VerifyOnnxNodes {
    /** The relative tolerance is that of ONNX's own runner. */
    private static final Tolerance TOLERANCE = new Tolerance(1e-5, 1e-3);

    /** Half precision has 11 bits. */
    private static final Tolerance HALF_TOLERANCE = new Tolerance(2e-3, 1e-2);

    private final Backend backend;

    /** Verifies this backend. */
    public VerifyOnnxNodes(Backend backend) {
        this.backend = backend;
    }

    /** Runs the chosen tests of a directory, by name, one after the other as the stream is read. */
    public Stream<VerifyResult> run(Path directory, Predicate<String> chosen) throws IOException {
        List<Path> tests;
        try (Stream<Path> entries = Files.list(directory)) {
            tests = entries.filter(p -> Files.exists(p.resolve("model.onnx")))
                    .sorted()
                    .toList();
        }
        return tests.stream()
                .filter(p -> chosen.test(p.getFileName().toString()))
                .map(this::run);
    }

    private VerifyResult run(Path test) {
        String name = test.getFileName().toString();
        VerifyResult.Outcome outcome;
        try {
            outcome = verify(test);
        } catch (UnsupportedModelException e) {
            outcome = new VerifyResult.Skipped(reason(e));
        } catch (IOException | RuntimeException e) {
            // Whatever one test throws is a finding about that test; the others still run.
            outcome = new VerifyResult.Failed(Double.NaN, TOLERANCE, reason(e));
        }
        return new VerifyResult(name, "onnx-node", outcome);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private VerifyResult.Outcome verify(Path test) throws IOException {
        Graph graph = OnnxImport.importGraph(test.resolve("model.onnx"));
        double maxError = 0;
        Tolerance tolerance = TOLERANCE;
        try (CompiledGraph compiled = backend.compile(graph, CompileOptions.DEFAULT);
                Stream<Path> entries = Files.list(test)) {
            for (Path set : entries.filter(Files::isDirectory).sorted().toList()) {
                ImmutableMap<String, Tensor> results = compiled.run(inputs(graph, set));
                List<String> names = List.copyOf(results.keySet());
                List<Tensor> actuals = List.copyOf(results.values());
                List<Tensor> expected = tensors(set, "output_");
                if (expected.size() != names.size()) {
                    throw new IllegalStateException("%d results, expected %d".formatted(names.size(), expected.size()));
                }
                for (int i = 0; i < names.size(); i++) {
                    Tensor actual = actuals.get(i);
                    tolerance = isHalf(expected.get(i).dtype()) ? HALF_TOLERANCE : TOLERANCE;
                    Comparison c = Comparison.of(names.get(i), actual, expected.get(i), tolerance);
                    maxError = Math.max(maxError, c.maxError());
                    Optional<String> mismatch = c.mismatch();
                    if (actual.dtype() != expected.get(i).dtype()) {
                        mismatch =
                                Optional.of("%s is %s, expected %s".formatted(names.get(i), actual, expected.get(i)));
                    }
                    if (mismatch.isPresent()) {
                        return new VerifyResult.Failed(maxError, tolerance, mismatch.get());
                    }
                }
            }
        }
        return new VerifyResult.Passed(maxError, tolerance);
    }

    /** Whether values of a type have half precision or less. */
    static boolean isHalf(DType dtype) {
        return dtype == DType.F16 || dtype == DType.BF16;
    }

    private static Map<String, Tensor> inputs(Graph graph, Path set) throws IOException {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        List<Tensor> tensors = tensors(set, "input_");
        for (int i = 0; i < graph.inputs().size() && i < tensors.size(); i++) {
            Value input = graph.inputs().get(i);
            inputs.put(input.id(), tensors.get(i));
        }
        return inputs;
    }

    private static List<Tensor> tensors(Path set, String prefix) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; Files.exists(set.resolve(prefix + i + ".pb")); i++) {
            tensors.add(OnnxTensors.read(set.resolve(prefix + i + ".pb")));
        }
        return tensors;
    }
}
