package org.attention4j.loaders;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file that can't be read or does not hold what it should. The message is one line: the file, then the tensor or
 * key, what was found and what was expected.
 *
 * <p>This is the only exception that opening and reading a {@link Checkpoint} throws for bad input, however broken or
 * hostile the file is. It is unchecked because tensors and configuration values are read lazily, deep inside code that
 * describes an architecture.
 */
public sealed class ModelFormatException extends RuntimeException permits UnsupportedModelException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 80;
    private static final int LONGEST_MESSAGE = 1000;

    /** An error in {@code file}; {@code detail} may hold text from the file, which is made safe to print on one line. */
    public ModelFormatException(Path file, String detail) {
        super(oneLine(file + ": " + detail));
    }

    /** The same with the exception that led to it. */
    public ModelFormatException(Path file, String detail, Throwable cause) {
        super(oneLine(file + ": " + detail), cause);
    }

    /** A file that could not be read, by an exception whose message may begin with the file. */
    public static ModelFormatException of(Path file, IOException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = file + ": ";
        return new ModelFormatException(
                file, message.startsWith(prefix) ? message.substring(prefix.length()) : message, e);
    }

    /** Text of unknown origin in single quotes, shortened to a length that fits a line. */
    public static String quote(String text) {
        return "'" + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…") + "'";
    }

    /** Text of unknown origin, made safe to print on one line and shortened to a length that a person reads. */
    public static String oneLine(String message) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            boolean breaksLine =
                    Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
            String shown = breaksLine ? "\\u%04x".formatted((int) c) : String.valueOf(c);
            if (line.length() + shown.length() > LONGEST_MESSAGE) {
                return line.append('…').toString();
            }
            line.append(shown);
        }
        return line.toString();
    }
}
