package org.attention4j.loaders;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The reference data that lies outside the project; tests that need it are skipped without it. */
public final class Golden {
    private Golden() {}

    /** The path of a file or directory of the reference data. */
    public static Path path(String name) {
        Path root = Path.of(System.getProperty("attention4j.golden", "../shared/golden"));
        Assumptions.assumeTrue(Files.isDirectory(root), () -> "no reference data at " + root);
        return root.resolve(name);
    }
}
