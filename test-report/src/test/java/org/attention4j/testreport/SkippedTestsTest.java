package org.attention4j.testreport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

final class SkippedTestsTest {
    @Test
    void printsEachReasonOnceWithItsCount() {
        var bytes = new ByteArrayOutputStream();
        var config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new SkippedTests(new PrintStream(bytes, true, UTF_8)))
                .build();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Sample.class))
                .build();
        LauncherFactory.create(config).execute(request);
        var name = Sample.class.getName();
        assertLinesMatch(
                List.of(
                        "skipped 1 in \\Q%s\\E: not today".formatted(name),
                        "skipped 2 in \\Q%s\\E: odd".formatted(name)),
                bytes.toString(UTF_8).lines().sorted().toList());
    }

    static final class Sample {
        @Test
        void runs() {}

        @Disabled("not today")
        @Test
        void disabled() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4})
        void even(int n) {
            assumeTrue(n % 2 == 0, "odd");
        }
    }
}
