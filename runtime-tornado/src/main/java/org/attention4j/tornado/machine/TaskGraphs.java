package org.attention4j.tornado.machine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.tornado.kernel.AnchorKernel;
import org.attention4j.tornado.kernel.TransferKernels;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A task graph of one task for each kernel. The large arrays are brought to the device by the first graph, the anchor; the others
 * take them from it, so each of them is launched for the first time right after it.
 */
final class TaskGraphs {
    /** The name of the graph that brings the large arrays to the device. */
    static final String ANCHOR = "anchor";
    /** Work-items in a work-group of kernels that move values. */
    static final int GROUP = 64;

    private static final String TASK = "t";

    /**
     * The large arrays.
     *
     * @param bytes weights as they are stored
     */
    record Arrays(IntArray ints, FloatArray floats, List<ByteArray> bytes) {
        Arrays {
            bytes = ImmutableList.copyOf(bytes);
        }

        private long size() {
            long size = ints.getNumBytesOfSegmentWithHeader() + floats.getNumBytesOfSegmentWithHeader();
            return size
                    + bytes.stream()
                            .mapToLong(ByteArray::getNumBytesOfSegmentWithHeader)
                            .sum();
        }
    }

    /** One of the graphs, and what its launches need and move. */
    static final class Entry {
        final int index;
        /** The kernel's name, for people. */
        final String kernel;

        final WorkerGrid grid;
        final long bytesToDevice;
        final long bytesFromDevice;
        /** Whether it was launched, and so compiled. */
        boolean isCompiled;

        private Entry(int index, String kernel, WorkerGrid grid, long bytesToDevice, long bytesFromDevice) {
            this.index = index;
            this.kernel = kernel;
            this.grid = grid;
            this.bytesToDevice = bytesToDevice;
            this.bytesFromDevice = bytesFromDevice;
        }
    }

    private final TornadoDevice device;
    private final KernelContext context = new KernelContext();
    private final IntArray cursor;
    private final Arrays arrays;
    private final ImmutableList<String> names;
    private final List<TaskGraph> graphs = new ArrayList<>();
    private final GridScheduler scheduler = new GridScheduler();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * Builds them.
     *
     * @param device where they will run, for messages
     * @param cursor goes to the device with each launch
     * @param byteMail takes bytes to the device
     */
    TaskGraphs(
            TornadoDevice device,
            Set<Launches.Use> uses,
            IntArray cursor,
            Arrays arrays,
            ByteArray byteMail,
            List<Mail> toDevice,
            List<Mail> fromDevice) {
        this.device = device;
        this.cursor = cursor;
        this.arrays = arrays;
        Stream<String> mails =
                Stream.concat(toDevice.stream(), fromDevice.stream()).map(m -> m.name);
        Stream<String> bytes =
                Stream.iterate(0, i -> i < arrays.bytes.size(), i -> i + 1).map(TaskGraphs::bytes);
        this.names = Stream.of(uses.stream().map(Launches.Use::name), mails, bytes)
                .flatMap(s -> s)
                .collect(ImmutableList.toImmutableList());
        anchor();
        for (Launches.Use use : uses) {
            try {
                kernel(use);
            } catch (RuntimeException | LinkageError | TornadoInternalError e) {
                throw Devices.failed(use.kernel().name(), device, e);
            }
        }
        for (int i = 0; i < arrays.bytes.size(); i++) {
            writeBytes(i, byteMail);
        }
        toDevice.forEach(this::write);
        fromDevice.forEach(this::read);
        graphs.forEach(g -> g.persistOnDevice(arrays.ints, arrays.floats));
    }

    /** The name of the graph that writes to an array of bytes. */
    static String bytes(int array) {
        return "bytes" + array;
    }

    ImmutableTaskGraph[] snapshots() {
        return entries.values().stream().map(this::snapshot).toArray(ImmutableTaskGraph[]::new);
    }

    private ImmutableTaskGraph snapshot(Entry entry) {
        try {
            return graphs.get(entry.index).snapshot();
        } catch (RuntimeException | LinkageError | TornadoInternalError e) {
            throw Devices.failed(entry.kernel, device, e);
        }
    }

    GridScheduler scheduler() {
        return scheduler;
    }

    ImmutableMap<String, Entry> entries() {
        return ImmutableMap.copyOf(entries);
    }

    private void anchor() {
        TaskGraph anchor = new TaskGraph(ANCHOR)
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays.ints, arrays.floats)
                .task(TASK, AnchorKernel::run, context, arrays.ints, arrays.floats);
        WorkerGrid grid = add(anchor, ANCHOR, GROUP, arrays.size(), 0);
        for (int i = 0; i < arrays.bytes.size(); i++) {
            ByteArray array = arrays.bytes.get(i);
            anchor.transferToDevice(DataTransferMode.FIRST_EXECUTION, array)
                    .task("b" + i, AnchorKernel::bytes, context, array)
                    .persistOnDevice(array);
            scheduler.addWorkerGrid(ANCHOR + ".b" + i, grid);
        }
    }

    private void kernel(Launches.Use use) {
        TaskGraph graph = graph(use.name());
        switch (use.kernel().code()) {
            case Kernel.Code.Plain(var method) -> graph.task(TASK, method, context, cursor, arrays.ints, arrays.floats);
            case Kernel.Code.OnBytes(var method) -> {
                ByteArray array = arrays.bytes.get(use.array());
                graph.consumeFromDevice(ANCHOR, array);
                graph.task(TASK, method, context, cursor, arrays.ints, arrays.floats, array)
                        .persistOnDevice(array);
            }
        }
        add(graph, use.kernel().name(), use.kernel().group(), cursorSize(), 0);
    }

    private void writeBytes(int i, ByteArray mail) {
        ByteArray array = arrays.bytes.get(i);
        TaskGraph graph = graph(bytes(i));
        graph.consumeFromDevice(ANCHOR, array);
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, mail)
                .task(TASK, TransferKernels::writeBytes, context, cursor, arrays.ints, arrays.floats, mail, array)
                .persistOnDevice(array);
        add(graph, "writeBytes", GROUP, cursorSize() + mail.getNumBytesOfSegmentWithHeader(), 0);
    }

    private void write(Mail mail) {
        TaskGraph graph = graph(mail.name)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, mail.floats, mail.ints)
                .task(
                        TASK,
                        TransferKernels::write,
                        context,
                        cursor,
                        mail.floats,
                        mail.ints,
                        arrays.floats,
                        arrays.ints);
        add(graph, "write", GROUP, cursorSize() + mail.bytes(), 0);
    }

    private void read(Mail mail) {
        TaskGraph graph = graph(mail.name)
                .task(TASK, TransferKernels::read, context, cursor, arrays.floats, arrays.ints, mail.floats, mail.ints)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, mail.floats, mail.ints);
        add(graph, "read", GROUP, cursorSize(), mail.bytes());
    }

    private long cursorSize() {
        return cursor.getNumBytesOfSegmentWithHeader();
    }

    /** A graph that takes the large arrays from whichever graph ran before it. */
    private TaskGraph graph(String name) {
        TaskGraph graph = new TaskGraph(name);
        graph.consumeFromDevice(ANCHOR, arrays.ints, arrays.floats);
        names.forEach(other -> graph.consumeFromDevice(other, arrays.ints, arrays.floats));
        return graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, cursor);
    }

    private WorkerGrid add(TaskGraph graph, String kernel, int group, long bytesToDevice, long bytesFromDevice) {
        String name = graph.getTaskGraphName();
        WorkerGrid grid = new WorkerGrid1D(group);
        grid.setGlobalWork(group, 1, 1);
        grid.setLocalWork(group, 1, 1);
        entries.put(name, new Entry(graphs.size(), kernel, grid, bytesToDevice, bytesFromDevice));
        graphs.add(graph);
        scheduler.addWorkerGrid(name + "." + TASK, grid);
        return grid;
    }
}
