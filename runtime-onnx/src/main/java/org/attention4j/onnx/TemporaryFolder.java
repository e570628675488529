package org.attention4j.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for the files of one model, in the folder that {@code java.io.tmpdir} names. It is gone when it is closed: ONNX
 * Runtime has its files mapped by then, or read. Where a mapped file can't be deleted it goes when the JVM ends.
 */
record TemporaryFolder(Path path) implements AutoCloseable {
    TemporaryFolder() throws IOException {
        this(Files.createTempDirectory(prefix()));
    }

    /** What the names of this process's folders begin with. */
    static String prefix() {
        return "attention4j-onnx-" + ProcessHandle.current().pid() + "-";
    }

    @Override
    public void close() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(path)) {
            files = list.toList();
        }
        try {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(path);
        } catch (IOException e) {
            // The last ones registered go first.
            path.toFile().deleteOnExit();
            files.forEach(f -> f.toFile().deleteOnExit());
        }
    }
}
