package org.attention4j.examples.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.Probe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The tables in the documents are what the backends that are ready here make of each kind now; columns of others stay as they
 * are. With {@code -Dsupport.write=true} the documents are written anew instead.
 */
class SupportTableTest {
    private static final String COMMAND =
            "mvn test -pl examples -am -Dtest=SupportTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dsupport.write=true";
    private static final Path ROOT = root();
    private static final BackendOptions ON_ANY_PROCESSOR =
            new BackendOptions(Optional.empty(), OptionalInt.empty(), Map.of("generated", "false"));
    private static final List<Backend> BACKENDS = Backends.providers().stream()
            .filter(p -> p.probe() instanceof Probe.Ready)
            .map(p -> p.create(p.name().equals("onnx") ? ON_ANY_PROCESSOR : BackendOptions.DEFAULT))
            .toList();

    @AfterAll
    static void close() {
        BACKENDS.forEach(Backend::close);
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(p -> Files.exists(p.resolve("docs/support.md")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void mixersAreUpToDate() throws IOException {
        SupportTable table = SupportTable.of("sequence mixer", Kinds.mixers(), BACKENDS);
        check("docs/support.md", "support", table);
        check("README.md", "support", table);
    }

    @Test
    void operatorsAreUpToDate() throws IOException {
        check("docs/support.md", "operators", SupportTable.of("operator", Kinds.operators(), BACKENDS));
    }

    private static void check(String document, String section, SupportTable table) throws IOException {
        Path file = ROOT.resolve(document);
        MarkedSection committed = MarkedSection.find(Files.readString(file), section);
        String now = table.withColumnsOf(committed.content()).markdown();
        if (Boolean.getBoolean("support.write")) {
            Files.writeString(file, committed.replaceBy(now));
        } else {
            assertEquals(now, committed.content(), document + " is out of date; regenerate it with: " + COMMAND);
        }
    }
}
