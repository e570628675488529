package org.attention4j.tornado.machine;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Progress;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.TornadoProfilerResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** One execution plan for all kernels, each of which is compiled when it is first launched. */
final class Launches implements AutoCloseable {
    /** PoCL's compiler knows neither of the two names that TornadoVM writes. */
    private static final String POCL_FLAGS = "-cl-mad-enable -w -DNaNF=NAN -Dhalf=_Float16";

    private static final int BYTES = 1 << 20;
    /** The kernels that each run needs besides its own: its inputs go to the device, its results come from there. */
    private static final int ALWAYS = 2;

    /**
     * A kernel, and the array of bytes that it reads.
     *
     * @param array 0 if it reads none
     */
    record Use(Kernel kernel, int array) {
        static Use of(Kernel kernel, int array) {
            return new Use(kernel, kernel.code() instanceof Kernel.Code.OnBytes ? array : 0);
        }

        String name() {
            return kernel.name() + array;
        }
    }

    /**
     * Who is told of what.
     *
     * @param traffic of all launches
     * @param progress of kernels that are compiled
     * @param profiles whether TornadoVM measures launches
     */
    record Listeners(Traffic traffic, Progress progress, boolean profiles) {}

    private final TornadoDevice device;
    private final Listeners listeners;
    private final Set<Use> uses;
    private final TornadoExecutionPlan plan;
    private final GridScheduler scheduler;
    private final ImmutableMap<String, TaskGraphs.Entry> graphs;
    private final IntArray cursor;
    private final ByteArray byteMail = new ByteArray(BYTES);
    private final List<Mail> toDevice = Mail.toDevice();
    private final List<Mail> fromDevice = Mail.fromDevice();
    private int compiled;

    Launches(TornadoDevice device, Listeners listeners, Set<Use> wanted, IntArray cursor, TaskGraphs.Arrays arrays) {
        this.device = device;
        this.listeners = listeners;
        this.uses = ImmutableSet.copyOf(wanted);
        this.cursor = cursor;
        TaskGraphs all = new TaskGraphs(device, uses, cursor, arrays, byteMail, toDevice, fromDevice);
        this.graphs = all.entries();
        this.scheduler = all.scheduler();
        this.plan = new TornadoExecutionPlan(all.snapshots());
        plan.withDevice(device).withGridScheduler(scheduler);
        if (device.getPlatformName().contains("Portable Computing Language")) {
            plan.withCompilerFlags(TornadoVMBackendType.OPENCL, POCL_FLAGS);
        }
        if (listeners.profiles) {
            plan.withProfiler(ProfilerMode.SILENT);
        }
    }

    /** Whether a kernel can be launched. */
    boolean has(Use use) {
        return uses.contains(use);
    }

    /** Launches a kernel; the cursor is set already. */
    void launch(Use use, int items) {
        execute(use.name(), items);
    }

    private void execute(String name, int items) {
        TaskGraphs.Entry graph = requireNonNull(graphs.get(name));
        graph.grid.setGlobalWork(items, 1, 1);
        if (graph.isCompiled) {
            execute(graph);
            return;
        }
        compiled++;
        listeners.progress.begin(
                "compiling kernel " + graph.kernel, compiled, Math.max(compiled, uses.size() + ALWAYS));
        try {
            execute(requireNonNull(graphs.get(TaskGraphs.ANCHOR)));
            execute(graph);
            graph.isCompiled = true;
        } finally {
            listeners.progress.end();
        }
    }

    private void execute(TaskGraphs.Entry graph) {
        try {
            TornadoExecutionResult result =
                    plan.withGraph(graph.index).withGridScheduler(scheduler).execute();
            listeners.traffic.add(graph.kernel, sum(graph, result));
        } catch (RuntimeException | LinkageError | TornadoInternalError e) {
            throw Devices.failed(graph.kernel, device, e);
        }
    }

    private Traffic.Sum sum(TaskGraphs.Entry graph, TornadoExecutionResult result) {
        // What the anchor brings stays there.
        boolean isAgain = graph.index == 0 && graph.isCompiled;
        graph.isCompiled |= graph.index == 0;
        long bytes = isAgain ? 0 : graph.bytesToDevice;
        if (!listeners.profiles) {
            return new Traffic.Sum(1, bytes, graph.bytesFromDevice, 0, 0, 0);
        }
        TornadoProfilerResult measured = result.getProfilerResult();
        return new Traffic.Sum(
                1,
                bytes,
                graph.bytesFromDevice,
                measured.getDeviceKernelTime(),
                measured.getTotalBytesCopyIn(),
                measured.getTotalBytesCopyOut());
    }

    private void point(int numFloats, int floatsAt, int numInts, int intsAt) {
        cursor.set(0, numFloats);
        cursor.set(1, floatsAt);
        cursor.set(2, numInts);
        cursor.set(3, intsAt);
    }

    /** The smallest of some that holds so much. */
    private static Optional<Mail> fitting(List<Mail> mails, int numFloats, int numInts) {
        return mails.stream().filter(m -> m.holds(numFloats, numInts)).findFirst();
    }

    /** In one launch if a mail holds all, else floats and integers each in pieces: {@link Machine#launchesToWrite}. */
    void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts) {
        if (newFloats.length == 0 && newInts.length == 0) {
            return;
        }
        if (fitting(toDevice, newFloats.length, newInts.length).isPresent()) {
            write(floatsAt, newFloats, 0, newFloats.length, intsAt, newInts, 0, newInts.length);
            return;
        }
        for (int at = 0; at < newFloats.length; at += Machine.PIECE) {
            int count = Math.min(newFloats.length - at, Machine.PIECE);
            write(floatsAt + at, newFloats, at, count, 0, newInts, 0, 0);
        }
        for (int at = 0; at < newInts.length; at += Machine.PIECE) {
            int count = Math.min(newInts.length - at, Machine.PIECE);
            write(0, newFloats, 0, 0, intsAt + at, newInts, at, count);
        }
    }

    private void write(
            int floatsAt,
            float[] newFloats,
            int fromFloat,
            int numFloats,
            int intsAt,
            int[] newInts,
            int fromInt,
            int numInts) {
        Mail mail = fitting(toDevice, numFloats, numInts).orElseThrow();
        MemorySegment.copy(newFloats, fromFloat, mail.floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, numFloats);
        MemorySegment.copy(newInts, fromInt, mail.ints.getSegment(), ValueLayout.JAVA_INT, 0, numInts);
        point(numFloats, floatsAt, numInts, intsAt);
        execute(mail.name, items(Math.max(numFloats, numInts)));
    }

    void writeBytes(int array, int offset, MemorySegment newBytes) {
        for (long at = 0; at < newBytes.byteSize(); at += BYTES) {
            int count = (int) Math.min(BYTES, newBytes.byteSize() - at);
            MemorySegment.copy(newBytes, at, byteMail.getSegment(), 0, count);
            cursor.set(0, count);
            cursor.set(1, offset + (int) at);
            execute(TaskGraphs.bytes(array), items(count));
        }
    }

    /** Fills the arrays, each in pieces ({@link Machine#launchesToRead}); returns the row of a launch that failed, or 0. */
    int read(int floatsAt, float[] someFloats, int intsAt, int[] someInts) {
        int failed = 0;
        for (int at = 0; at < someFloats.length; at += Machine.PIECE) {
            int count = Math.min(someFloats.length - at, Machine.PIECE);
            Mail mail = read(count, floatsAt + at, 0, 0);
            MemorySegment.copy(mail.floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, someFloats, at, count);
            failed = mail.ints.get(0);
        }
        for (int at = 0; at < someInts.length || (at == 0 && someFloats.length == 0); at += Machine.PIECE) {
            int count = Math.min(someInts.length - at, Machine.PIECE);
            Mail mail = read(0, 0, count, intsAt + at);
            MemorySegment.copy(mail.ints.getSegment(), ValueLayout.JAVA_INT, 0, someInts, at, count);
            failed = mail.ints.get(count);
        }
        return failed;
    }

    private Mail read(int numFloats, int floatsAt, int numInts, int intsAt) {
        Mail mail = fitting(fromDevice, numFloats, numInts).orElseThrow();
        point(numFloats, floatsAt, numInts, intsAt);
        execute(mail.name, items(Math.max(numFloats, numInts)));
        return mail;
    }

    private static int items(int count) {
        return Math.clamp(Math.ceilDiv(count, TaskGraphs.GROUP), 1, 256) * TaskGraphs.GROUP;
    }

    @Override
    public void close() {
        try {
            if (listeners.profiles) {
                plan.withoutProfiler();
            }
            plan.freeDeviceMemory();
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new BackendException("TornadoVM can't free its memory: " + Devices.firstLine(e), e);
        }
    }
}
