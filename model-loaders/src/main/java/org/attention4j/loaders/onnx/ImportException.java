package org.attention4j.loaders.onnx;

import java.io.Serial;

/** What ends an import; {@link OnnxImport} adds the file. */
final class ImportException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean unsupported;

    private ImportException(String message, boolean unsupported) {
        super(message);
        this.unsupported = unsupported;
    }

    /** The model is not what ONNX says. */
    static ImportException broken(String message, Object... args) {
        return new ImportException(message.formatted(args), false);
    }

    /** The model may be sound, but can't be expressed. */
    static ImportException unsupported(String message, Object... args) {
        return new ImportException(message.formatted(args), true);
    }

    boolean isUnsupported() {
        return unsupported;
    }
}
