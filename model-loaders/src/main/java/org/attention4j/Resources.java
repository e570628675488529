package org.attention4j;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Things to close, the latest first, each whatever becomes of the others. */
final class Resources {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    synchronized <T> T add(T resource, Consumer<T> close) {
        closers.push(() -> close.accept(resource));
        return resource;
    }

    /** Closes all; what fails first is thrown at the end. Again, it does nothing. */
    synchronized void close() {
        RuntimeException failure = null;
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Closes all after a failure, which goes first. */
    void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
