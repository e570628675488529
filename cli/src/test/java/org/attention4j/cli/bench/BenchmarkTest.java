package org.attention4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.testkit.SessionCases;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
    /** Its sessions can't be taken back to the depth at which they are measured. */
    @Test
    void recurrencesAreMeasuredAtDepths() {
        try (Backend backend = Backends.create("onnx", BackendOptions.DEFAULT);
                CompiledModel model =
                        CompiledModel.compile(SessionCases.pureRecurrence(), backend, CompileOptions.DEFAULT)) {
            for (Benchmark benchmark : List.of(new Benchmark(0, 3, 300, 2), new Benchmark(5, 0, 300, 2))) {
                Benchmark.Rates rates = benchmark.run(model);
                assertEquals(300, rates.depth());
                assertTrue(rates.min() > 0 && rates.min() <= rates.max(), rates::toString);
                assertTrue(benchmark.run(model, model).ratio().median() > 0);
            }
        }
    }
}
