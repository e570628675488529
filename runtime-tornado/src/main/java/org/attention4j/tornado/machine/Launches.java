package org.attention4j.tornado.machine;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.kernel.AnchorKernel;
import org.attention4j.tornado.kernel.TransferKernels;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One execution plan with a task graph of one task for each kernel, which is compiled when it is first launched. The large arrays
 * are brought to the device by the first graph, the anchor; the others take them from it, so each of them is launched for the
 * first time right after it.
 */
final class Launches implements AutoCloseable {
    private static final String ANCHOR = "anchor";
    private static final String TASK = "t";
    private static final int GROUP = 64;
    /** PoCL's compiler knows neither of the two names that TornadoVM writes. */
    private static final String POCL_FLAGS = "-cl-mad-enable -w -DNaNF=NAN -Dhalf=_Float16";

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

    private final TornadoDevice device;
    private final Set<Use> uses;
    private final TornadoExecutionPlan plan;
    private final GridScheduler scheduler = new GridScheduler();
    private final Map<String, WorkerGrid> grids = new HashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Set<String> launched = new HashSet<>();
    private final IntArray cursor;
    private final ByteArray byteMail = new ByteArray(1 << 20);
    private final List<Mail> mails = List.of(new Mail(1 << 10), new Mail(1 << 18));

    Launches(
            TornadoDevice device,
            Set<Use> wanted,
            IntArray cursor,
            IntArray ints,
            FloatArray floats,
            List<ByteArray> bytes) {
        this.device = device;
        this.uses = ImmutableSet.copyOf(wanted);
        this.cursor = cursor;
        KernelContext context = new KernelContext();
        List<TaskGraph> graphs = new ArrayList<>();
        TaskGraph anchor = new TaskGraph(ANCHOR)
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, ints, floats)
                .task(TASK, AnchorKernel::run, context, ints, floats);
        add(ANCHOR, GROUP);
        for (int i = 0; i < bytes.size(); i++) {
            anchor.transferToDevice(DataTransferMode.FIRST_EXECUTION, bytes.get(i))
                    .task("b" + i, AnchorKernel::bytes, context, bytes.get(i))
                    .persistOnDevice(bytes.get(i));
            scheduler.addWorkerGrid(ANCHOR + ".b" + i, requireNonNull(grids.get(ANCHOR)));
        }
        graphs.add(anchor);
        List<String> names = new ArrayList<>(uses.stream().map(Use::name).toList());
        for (int i = 0; i < mails.size(); i++) {
            names.add("write" + i);
            names.add("read" + i);
        }
        for (int i = 0; i < bytes.size(); i++) {
            names.add("bytes" + i);
        }
        for (Use use : uses) {
            TaskGraph graph = graph(use.name(), names, ints, floats);
            switch (use.kernel.code()) {
                case Kernel.Code.Plain(var method) -> graph.task(TASK, method, context, cursor, ints, floats);
                case Kernel.Code.OnBytes(var method) -> {
                    ByteArray array = bytes.get(use.array);
                    graph.consumeFromDevice(ANCHOR, array);
                    graph.task(TASK, method, context, cursor, ints, floats, array)
                            .persistOnDevice(array);
                }
            }
            graphs.add(graph);
            add(use.name(), use.kernel.group());
        }
        for (int i = 0; i < bytes.size(); i++) {
            ByteArray array = bytes.get(i);
            TaskGraph graph = graph("bytes" + i, names, ints, floats);
            graph.consumeFromDevice(ANCHOR, array);
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, byteMail)
                    .task(TASK, TransferKernels::writeBytes, context, cursor, ints, floats, byteMail, array)
                    .persistOnDevice(array);
            graphs.add(graph);
            add("bytes" + i, GROUP);
        }
        for (int i = 0; i < mails.size(); i++) {
            Mail mail = mails.get(i);
            graphs.add(graph("write" + i, names, ints, floats)
                    .transferToDevice(DataTransferMode.EVERY_EXECUTION, mail.floats, mail.ints)
                    .task(TASK, TransferKernels::write, context, cursor, mail.floats, mail.ints, floats, ints));
            add("write" + i, GROUP);
            graphs.add(graph("read" + i, names, ints, floats)
                    .task(TASK, TransferKernels::read, context, cursor, floats, ints, mail.floats, mail.ints)
                    .transferToHost(DataTransferMode.EVERY_EXECUTION, mail.floats, mail.ints));
            add("read" + i, GROUP);
        }
        graphs.forEach(g -> g.persistOnDevice(ints, floats));
        this.plan = new TornadoExecutionPlan(
                graphs.stream().map(TaskGraph::snapshot).toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device).withGridScheduler(scheduler);
        if (device.getPlatformName().contains("Portable Computing Language")) {
            plan.withCompilerFlags(TornadoVMBackendType.OPENCL, POCL_FLAGS);
        }
    }

    /** A graph that takes the large arrays from whichever graph ran before it. */
    private TaskGraph graph(String name, List<String> names, IntArray ints, FloatArray floats) {
        TaskGraph graph = new TaskGraph(name);
        graph.consumeFromDevice(ANCHOR, ints, floats);
        names.forEach(other -> graph.consumeFromDevice(other, ints, floats));
        return graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, cursor);
    }

    private void add(String name, int group) {
        WorkerGrid grid = new WorkerGrid1D(group);
        grid.setGlobalWork(group, 1, 1);
        grid.setLocalWork(group, 1, 1);
        grids.put(name, grid);
        indexes.put(name, indexes.size());
        scheduler.addWorkerGrid(name + "." + TASK, grid);
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
        if (launched.add(name)) {
            execute(ANCHOR);
        }
        requireNonNull(grids.get(name)).setGlobalWork(items, 1, 1);
        execute(name);
    }

    private void execute(String name) {
        try {
            plan.withGraph(requireNonNull(indexes.get(name)))
                    .withGridScheduler(scheduler)
                    .execute();
        } catch (RuntimeException | LinkageError e) {
            throw new BackendException(
                    "kernel %s does not run on %s: %s"
                            .formatted(
                                    name,
                                    device.getPhysicalDevice().getDeviceName().strip(),
                                    Devices.firstLine(e)),
                    e);
        }
    }

    /** The small arrays that are large enough, else the larger ones: more is sent in several pieces. */
    private int mail(int count) {
        return count < mails.getFirst().size ? 0 : 1;
    }

    private void point(int numFloats, int floatsAt, int numInts, int intsAt) {
        cursor.set(0, numFloats);
        cursor.set(1, floatsAt);
        cursor.set(2, numInts);
        cursor.set(3, intsAt);
    }

    void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts) {
        int most = Math.max(newFloats.length, newInts.length);
        int which = mail(most);
        Mail mail = mails.get(which);
        for (int at = 0; at < most; at += mail.size) {
            int numFloats = Math.clamp(newFloats.length - at, 0, mail.size);
            int numInts = Math.clamp(newInts.length - at, 0, mail.size);
            if (numFloats > 0) {
                MemorySegment.copy(newFloats, at, mail.floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, numFloats);
            }
            if (numInts > 0) {
                MemorySegment.copy(newInts, at, mail.ints.getSegment(), ValueLayout.JAVA_INT, 0, numInts);
            }
            point(numFloats, floatsAt + at, numInts, intsAt + at);
            execute("write" + which, items(Math.max(numFloats, numInts)));
        }
    }

    void writeBytes(int array, int offset, MemorySegment newBytes) {
        for (long at = 0; at < newBytes.byteSize(); at += byteMail.getSize()) {
            int count = (int) Math.min(byteMail.getSize(), newBytes.byteSize() - at);
            MemorySegment.copy(newBytes, at, byteMail.getSegment(), 0, count);
            cursor.set(0, count);
            cursor.set(1, offset + (int) at);
            execute("bytes" + array, items(count));
        }
    }

    /** Fills the arrays, and returns the row of a launch that failed, or 0. */
    int read(int floatsAt, float[] someFloats, int intsAt, int[] someInts) {
        int most = Math.max(someFloats.length, someInts.length);
        int which = mail(most);
        Mail mail = mails.get(which);
        int failed = 0;
        for (int at = 0; at == 0 || at < most; at += mail.size) {
            int numFloats = Math.clamp(someFloats.length - at, 0, mail.size);
            int numInts = Math.clamp(someInts.length - at, 0, mail.size);
            point(numFloats, floatsAt + at, numInts, intsAt + at);
            execute("read" + which, items(Math.max(numFloats, numInts)));
            if (numFloats > 0) {
                MemorySegment.copy(mail.floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, someFloats, at, numFloats);
            }
            if (numInts > 0) {
                MemorySegment.copy(mail.ints.getSegment(), ValueLayout.JAVA_INT, 0, someInts, at, numInts);
            }
            failed = mail.ints.get(numInts);
        }
        return failed;
    }

    private static int items(int count) {
        return Math.clamp(Math.ceilDiv(count, GROUP), 1, 256) * GROUP;
    }

    @Override
    public void close() {
        try {
            plan.freeDeviceMemory();
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new BackendException("TornadoVM can't free its memory: " + Devices.firstLine(e), e);
        }
    }
}
