package org.attention4j.cli.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.OnnxFile;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.ModelProto;

/**
 * Imports ONNX files, runs them on a backend with random inputs, and compares with ONNX Runtime's own run of the same file. A graph
 * in which attention is left taken apart fails, too.
 *
 * <p>Of a graph whose results differ, ONNX Runtime's are looked at: where they change by more than the tolerance when inputs change
 * in their last place, nobody can come near them, and the graph is compared again with other weights, at the same tolerance.
 */
public final class VerifyOnnxGraphs {
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 1e-4);

    /** Half precision: ONNX Runtime rounds after each node, composites compute in F32. */
    private static final Tolerance HALF_TOLERANCE = new Tolerance(1e-2, 1e-2);

    private final Backend backend;

    /** Verifies this backend. */
    public VerifyOnnxGraphs(Backend backend) {
        this.backend = backend;
    }

    /** Runs the chosen files of a directory, by name, one after the other as the stream is read. */
    public Stream<VerifyResult> run(Path directory, Predicate<String> chosen) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(p -> p.toString().endsWith(".onnx")).sorted().toList();
        }
        return files.stream()
                .filter(p -> chosen.test(p.getFileName().toString()))
                .map(this::run);
    }

    private VerifyResult run(Path file) {
        String name = file.getFileName().toString();
        try {
            Graph graph = imported(file);
            return new VerifyResult(name, composites(graph), verify(file, graph));
        } catch (UnsupportedModelException e) {
            return new VerifyResult(name, "onnx-graph", new VerifyResult.Skipped(reason(e)));
        } catch (RuntimeException e) {
            // Whatever one file throws is a finding about that file; the others still run.
            return new VerifyResult(name, "onnx-graph", new VerifyResult.Failed(Double.NaN, TOLERANCE, reason(e)));
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** With its sizes open, or, if an operator needs to know some, with the first of them fixed, as many as it takes. */
    private static Graph imported(Path file) {
        try {
            return OnnxImport.importGraph(file);
        } catch (UnsupportedModelException e) {
            Map<String, Long> sizes = new LinkedHashMap<>();
            for (Map.Entry<String, Long> size : RandomOnnxInputs.sizesOf(file).entrySet()) {
                sizes.put(size.getKey(), size.getValue());
                Optional<Graph> graph = imported(file, sizes);
                if (graph.isPresent()) {
                    return graph.get();
                }
            }
            throw e;
        }
    }

    private static Optional<Graph> imported(Path file, Map<String, Long> sizes) {
        try {
            return Optional.of(OnnxImport.importGraph(file, sizes));
        } catch (ModelFormatException e) {
            return Optional.empty();
        }
    }

    private VerifyResult.Outcome verify(Path file, Graph graph) {
        Map<String, Tensor> inputs = new RandomOnnxInputs(graph).tensors();
        VerifyResult.Outcome outcome;
        Optional<String> unstable;
        try (OnnxFile original = OnnxFile.open(file)) {
            Map<String, Tensor> expected = original.run(inputs);
            if (AttentionLeft.in(graph)) {
                return new VerifyResult.Failed(Double.NaN, TOLERANCE, "attention is not recognised");
            }
            outcome = compare(graph, inputs, expected);
            unstable = outcome instanceof VerifyResult.Failed
                    ? LastPlaces.instability(original, inputs, expected, TOLERANCE)
                    : Optional.empty();
        } catch (BackendException e) {
            return new VerifyResult.Skipped("ONNX Runtime can't run the file itself: " + reason(e));
        }
        return unstable.isPresent() ? withOtherWeights(file, outcome, unstable.get()) : outcome;
    }

    private VerifyResult.Outcome compare(Graph graph, Map<String, Tensor> inputs, Map<String, Tensor> expected) {
        double maxError = 0;
        Tolerance tolerance = TOLERANCE;
        for (Map.Entry<String, Tensor> result : run(graph, inputs).entrySet()) {
            Tensor y = expected.get(result.getKey());
            if (y == null) {
                return new VerifyResult.Skipped("ONNX Runtime gives no numbers for " + result.getKey());
            }
            boolean half = VerifyOnnxNodes.isHalf(y.dtype())
                    || inputs.values().stream().anyMatch(t -> VerifyOnnxNodes.isHalf(t.dtype()));
            tolerance = half ? HALF_TOLERANCE : TOLERANCE;
            Comparison c = Comparison.of(result.getKey(), result.getValue(), y, tolerance);
            maxError = Math.max(maxError, c.maxError());
            if (c.mismatch().isPresent()) {
                return new VerifyResult.Failed(maxError, tolerance, c.mismatch().get());
            }
        }
        return new VerifyResult.Passed(maxError, tolerance);
    }

    /** What the backend can't run is a failure of the backend, not of ONNX Runtime's run of the file. */
    private Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
        try (CompiledGraph compiled = backend.compile(graph, CompileOptions.DEFAULT)) {
            return compiled.run(inputs);
        } catch (BackendException e) {
            throw new IllegalStateException(reason(e), e);
        }
    }

    /**
     * The same comparison, of the same tolerance, with other numbers in the weights that are one number throughout. It says whether
     * the graph means the same where rounding hides it.
     */
    private VerifyResult.Outcome withOtherWeights(Path file, VerifyResult.Outcome failed, String unstable) {
        try {
            Optional<ModelProto> changed = OtherWeights.of(OnnxModels.read(file));
            if (changed.isEmpty()) {
                return failed;
            }
            Path other = Files.createTempFile("attention4j-verify-", ".onnx");
            try {
                OnnxModels.write(changed.get(), other);
                return noted(compareAsIs(other), failed, unstable);
            } finally {
                Files.delete(other);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private VerifyResult.Outcome compareAsIs(Path file) {
        Graph graph = imported(file);
        Map<String, Tensor> inputs = new RandomOnnxInputs(graph).tensors();
        try (OnnxFile original = OnnxFile.open(file)) {
            return compare(graph, inputs, original.run(inputs));
        }
    }

    private static VerifyResult.Outcome noted(
            VerifyResult.Outcome outcome, VerifyResult.Outcome otherwise, String unstable) {
        return outcome instanceof VerifyResult.Passed(double maxError, Tolerance tolerance, Optional<String> none)
                ? new VerifyResult.Passed(maxError, tolerance, Optional.of("with other weights: " + unstable))
                : otherwise;
    }

    /** The composites of a graph: {@code attention × 2, linear × 8}. */
    private static String composites(Graph graph) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Op op : graph.ops()) {
            if (op instanceof Composite) {
                counts.merge(op.name(), 1, Integer::sum);
            }
        }
        List<String> texts = new ArrayList<>();
        counts.forEach((op, count) -> texts.add(op + " × " + count));
        return texts.isEmpty() ? "onnx-graph" : "(" + String.join(", ", texts) + ")";
    }
}
