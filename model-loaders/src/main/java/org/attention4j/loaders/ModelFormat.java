package org.attention4j.loaders;

import java.nio.file.Path;

/**
 * A file format that models come in. Implementations are found by {@link java.util.ServiceLoader}: annotate one with
 * {@code @AutoService(ModelFormat.class)} and {@link ModelFormats#open} knows it.
 */
public interface ModelFormat {
    /** A short name, for example {@code gguf}. */
    String name();

    /** What {@link #accepts} looks for, for error messages, for example {@code a GGUF file (*.gguf)}. */
    String lookedFor();

    /**
     * Whether {@code path} is meant to be of this format, judged by file names and at most a few leading bytes. A broken file
     * of this format is accepted, so that {@link #open} can say what is wrong with it.
     */
    boolean accepts(Path path);

    /**
     * Opens a model.
     *
     * @throws ModelFormatException if it can't be read or is not what it should be
     */
    Checkpoint open(Path path);
}
