package org.attention4j.cli.report;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** A stream that remembers why it could not be written: a {@link java.io.PrintWriter} on it tells only that. */
public final class StandardOutput extends FilterOutputStream {
    /** What the operating system says where the reader, such as {@code head}, has read enough. */
    private static final String NOBODY_READS = "Broken pipe";

    private Optional<String> failure = Optional.empty();

    /** Writes to another stream. */
    public StandardOutput(OutputStream to) {
        super(to);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** Why the result is not complete; empty where it is, or where its reader wanted no more. */
    public Optional<String> failure() {
        return failure.filter(reason -> !reason.equals(NOBODY_READS));
    }
}
