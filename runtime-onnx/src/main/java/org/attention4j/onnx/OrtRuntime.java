package org.attention4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import org.attention4j.core.backend.BackendException;

/**
 * ONNX Runtime's environment, made once in a process.
 *
 * <p>Making it, version 1.29 matches a regular expression against the process's command line, recursing once per character:
 * on a usual stack a command line of 4,000 characters, such as a class path, ends the JVM. So a thread with a great stack, of
 * which only what is needed becomes memory, makes the environment.
 */
final class OrtRuntime {
    private static final long STACK_BYTES = 1L << 30;

    private OrtRuntime() {}

    /**
     * The environment.
     *
     * @throws BackendException if the native library can't be loaded, with its reason
     */
    static OrtEnvironment environment() {
        return Holder.load();
    }

    private static final class Holder {
        private static volatile boolean loaded;

        private Holder() {}

        static OrtEnvironment load() {
            if (!loaded) {
                loadOnGreatStack();
            }
            return OrtEnvironment.getEnvironment();
        }

        private static synchronized void loadOnGreatStack() {
            Failure failure = new Failure();
            Thread thread = new Thread(null, OrtEnvironment::getEnvironment, "onnxruntime-init", STACK_BYTES);
            thread.setUncaughtExceptionHandler((t, e) -> failure.message = String.valueOf(e));
            thread.start();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (!failure.message.isEmpty()) {
                throw new BackendException("onnx: ONNX Runtime's native library can't be loaded: " + failure.message);
            }
            loaded = true;
        }
    }

    private static final class Failure {
        private volatile String message = "";
    }
}
