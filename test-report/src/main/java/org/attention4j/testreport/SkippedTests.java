package org.attention4j.testreport;

import com.google.auto.service.AutoService;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints one line for each top-level test class and reason for which tests were disabled or aborted by an assumption:
 * {@code skipped 3 in GoldenTest: no golden data at /some/place}. A class or a parameterised method that is disabled
 * as a whole counts once.
 */
@AutoService(TestExecutionListener.class)
public final class SkippedTests implements TestExecutionListener {
    private static final String ASSUMPTION_PREFIX = "Assumption failed: ";

    private record Skip(String test, String reason) {}

    private final Map<Skip, AtomicInteger> skips = new LinkedHashMap<>();
    private final PrintStream out;

    /** Prints to standard output. */
    public SkippedTests() {
        this(System.out);
    }

    SkippedTests(PrintStream out) {
        this.out = out;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            String reason = result.getThrowable().map(Throwable::getMessage).orElse("no reason given");
            add(test, reason.startsWith(ASSUMPTION_PREFIX) ? reason.substring(ASSUMPTION_PREFIX.length()) : reason);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        skips.forEach((skip, count) -> out.printf("skipped %d in %s: %s%n", count.get(), skip.test(), skip.reason()));
        skips.clear();
    }

    private synchronized void add(TestIdentifier test, String reason) {
        skips.computeIfAbsent(new Skip(topLevelName(test), reason), _ -> new AtomicInteger())
                .incrementAndGet();
    }

    /** A unique id is the engine's segment, then the top-level class's, whose value is the class's full name. */
    private static String topLevelName(TestIdentifier test) {
        var segments = test.getUniqueIdObject().getSegments();
        return segments.get(Math.min(1, segments.size() - 1)).getValue();
    }
}
