package org.attention4j.benchmarks.compare;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process and those that it starts, which end with it: at {@link #close()}, or when this JVM is told to end. A process whose parent
 * has ended is known if it was seen before.
 */
final class ProcessTree implements AutoCloseable {
    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long LOOK_MILLIS = 1000;
    private static final long POLL_NANOS = 5_000_000;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Process root;
    private final Set<ProcessHandle> seen = new LinkedHashSet<>();
    private final Thread atExit = new Thread(this::end);

    ProcessTree(Process root) {
        this.root = root;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Waits for the first process, and looks for others meanwhile: soon at first, seldom later, for to look takes time from them.
     *
     * @return whether it ended in time
     */
    boolean waitFor(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        long look = FIRST_LOOK_MILLIS;
        while (true) {
            long left = limit.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (root.waitFor(Math.max(0, Math.min(look, left)), TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (left <= 0) {
                return false;
            }
            see();
            look = Math.min(2 * look, LOOK_MILLIS);
        }
    }

    /** Whether a process does something still. One that has ended, but whose parent did not ask for it yet, is alive without a command. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** The processes seen that are still alive, without the first one. */
    List<ProcessHandle> left() {
        synchronized (seen) {
            return seen.stream().filter(ProcessHandle::isAlive).toList();
        }
    }

    private void see() {
        List<ProcessHandle> found = root.descendants().toList();
        synchronized (seen) {
            seen.addAll(found);
        }
    }

    /** Ends what still lives, parents first, so that they start no more. */
    private void end() {
        see();
        root.destroyForcibly();
        left().forEach(ProcessTree::end);
    }

    private static void end(ProcessHandle process) {
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(ProcessTree::end);
    }

    /** Ends what still lives, and waits until it has ended, though not for ever: what belongs to another user can't be ended. */
    @Override
    public void close() {
        end();
        root.onExit().join();
        long start = System.nanoTime();
        while (left().stream().anyMatch(ProcessTree::runs) && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This JVM ends already, and the hook finds nothing left to do.
        }
    }
}
