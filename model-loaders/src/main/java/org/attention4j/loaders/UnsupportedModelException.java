package org.attention4j.loaders;

import java.nio.file.Path;

/** A model file that may well be sound, but holds something that this library can't compute: an architecture or a type. */
public final class UnsupportedModelException extends ModelFormatException {
    private static final long serialVersionUID = 1L;

    /** Something unsupported in {@code file}. */
    public UnsupportedModelException(Path file, String detail) {
        super(file, detail);
    }
}
