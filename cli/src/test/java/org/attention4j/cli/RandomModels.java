package org.attention4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.cli.random.RandomShape;
import org.attention4j.core.tensor.DType;

/** Small models for tests. */
public final class RandomModels {
    private RandomModels() {}

    /** Two layers of 32, 300 tokens, room for 64, written to {@code directory}. */
    public static Path tiny(Path directory) throws IOException {
        return tiny(directory, "tiny.gguf", DType.F32);
    }

    /** The same under another name, with matrices of another type. */
    public static Path tiny(Path directory, String name, DType dtype) throws IOException {
        Path file = directory.resolve(name);
        RandomShape shape = RandomShape.parse("llama:d=32,layers=2,heads=4,kv=2,ff=64,vocab=300,context=64");
        shape.random(dtype, 1).write(file);
        return file;
    }
}
