package org.attention4j.onnx.file;

import java.io.IOException;
import java.io.Serial;

/** A file that is not the ONNX model it should be. The message names the file, what in it, what it is and what was expected. */
public final class OnnxFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** With a one-line message. */
    public OnnxFormatException(String message) {
        super(message);
    }

    /** With a one-line message and what it came from. */
    public OnnxFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
