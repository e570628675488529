package org.attention4j.cli.verify;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsFile;

/** Runs recorded calls of ops on a backend and compares the results. Thread-safe if the backend is. */
public final class VerifyOps {
    private final Backend backend;
    private final Map<String, OpCase> adapters;

    /** Verifies this backend with all {@link OpCase}s on the class path. */
    public VerifyOps(Backend backend) {
        this(backend, ServiceLoader.load(OpCase.class));
    }

    VerifyOps(Backend backend, Iterable<OpCase> adapters) {
        this.backend = backend;
        this.adapters = byOp(adapters);
    }

    private static Map<String, OpCase> byOp(Iterable<OpCase> adapters) {
        Map<String, OpCase> byOp = new HashMap<>();
        for (OpCase adapter : adapters) {
            for (String op : adapter.ops()) {
                OpCase other = byOp.putIfAbsent(op, adapter);
                if (other != null) {
                    throw new IllegalStateException("two adapters for op %s: %s and %s"
                            .formatted(
                                    op,
                                    other.getClass().getName(),
                                    adapter.getClass().getName()));
                }
            }
        }
        return byOp;
    }

    /**
     * Runs the chosen cases of an index, one after the other as the stream is read.
     *
     * @param chosen which cases to run
     */
    public Stream<VerifyResult> run(GoldenIndex index, Predicate<GoldenCase> chosen) {
        return index.ops().stream().filter(chosen).map(this::run);
    }

    /** Runs one case. */
    public VerifyResult run(GoldenCase golden) {
        OpCase adapter = adapters.get(golden.op());
        VerifyResult.Outcome outcome = adapter == null
                ? new VerifyResult.Skipped("no adapter for op " + golden.op())
                : runWith(adapter, golden);
        return new VerifyResult(golden.id(), golden.op(), outcome);
    }

    private VerifyResult.Outcome runWith(OpCase adapter, GoldenCase golden) {
        try (SafetensorsFile file = SafetensorsFile.open(golden.file());
                CompiledGraph compiled = backend.compile(adapter.build(golden), CompileOptions.DEFAULT)) {
            ImmutableMap<String, Tensor> results = compiled.run(inputs(compiled.graph(), file));
            return compare(golden, results, file);
        } catch (RuntimeException e) {
            // Whatever one case throws is a finding about that case; the others still run.
            return new VerifyResult.Failed(Double.NaN, golden.tolerance(), describe(e));
        }
    }

    private static ImmutableMap<String, Tensor> inputs(Graph graph, SafetensorsFile file) {
        return graph.inputs().stream().collect(ImmutableMap.toImmutableMap(Value::id, v -> file.tensor(v.id())));
    }

    private static VerifyResult.Outcome compare(GoldenCase golden, Map<String, Tensor> results, SafetensorsFile file) {
        double maxError = 0;
        Optional<String> mismatch = Optional.empty();
        for (String name : golden.outputs().keySet()) {
            Tensor actual = results.get(name);
            if (actual == null) {
                throw new IllegalStateException(
                        "the adapter computes no %s, only %s".formatted(name, results.keySet()));
            }
            Comparison comparison = Comparison.of(name, actual, file.tensor(name), golden.tolerance());
            maxError = Math.max(maxError, comparison.maxError());
            mismatch = mismatch.or(comparison::mismatch);
        }
        return mismatch.isPresent()
                ? new VerifyResult.Failed(maxError, golden.tolerance(), mismatch.get())
                : new VerifyResult.Passed(maxError, golden.tolerance());
    }

    private static String describe(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
