package org.attention4j.tornado.machine;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.kernel.Rows;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A device of TornadoVM. Until the first launch the arrays are only here; then they go to the device and stay there. An array
 * that must become longer comes back, and goes again.
 */
public final class TornadoMachine extends Machine {
    private final TornadoDevice device;
    private final String description;
    private final ImmutableList<Kernel> kernels;
    private final IntArray cursor = new IntArray(Rows.CURSOR);
    private FloatArray floats;
    private IntArray ints;
    private Optional<Launches> launches = Optional.empty();

    /** The machine on a device, which can launch these kernels and no others. */
    public TornadoMachine(String deviceId, List<Kernel> kernels) {
        this.device = Devices.device(deviceId);
        this.description = "%s (%s)".formatted(deviceId, device.getPhysicalDevice().getDeviceName().strip());
        this.kernels = ImmutableList.copyOf(kernels);
        this.floats = new FloatArray(capacity(Bank.FLOATS));
        this.ints = new IntArray(capacity(Bank.INTS));
        float[] powers = Powers.table();
        MemorySegment.copy(powers, 0, floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, powers.length);
    }

    @Override
    public String device() {
        return description;
    }

    @Override
    protected long mostElements(Bank bank) {
        long bytes = device.getPhysicalDevice().getDeviceMaxAllocationSize();
        return Math.min(Integer.MAX_VALUE - 2L * Regions.ALIGNMENT, (bytes - 64) / 4);
    }

    @Override
    protected void grow(Bank bank, int newCapacity) {
        Contents all = read(0, capacity(Bank.FLOATS), 0, capacity(Bank.INTS));
        if (all.failed() != 0) {
            throw new IllegalStateException("a failure was not looked at: row " + all.failed());
        }
        closeLaunches();
        try {
            if (bank == Bank.FLOATS) {
                floats = new FloatArray(newCapacity);
            } else {
                ints = new IntArray(newCapacity);
            }
        } catch (OutOfMemoryError e) {
            throw new BackendException("%d elements of %s don't fit into this JVM's memory".formatted(newCapacity, bank), e);
        }
        write(0, all.floats(), 0, all.ints());
    }

    @Override
    public void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts) {
        if (launches.isPresent()) {
            launches.get().write(floatsAt, newFloats, intsAt, newInts);
        } else {
            MemorySegment.copy(
                    newFloats, 0, floats.getSegment(), ValueLayout.JAVA_FLOAT, 4L * floatsAt, newFloats.length);
            MemorySegment.copy(newInts, 0, ints.getSegment(), ValueLayout.JAVA_INT, 4L * intsAt, newInts.length);
        }
    }

    @Override
    public Contents read(int floatsAt, int numFloats, int intsAt, int numInts) {
        float[] someFloats = new float[numFloats];
        int[] someInts = new int[numInts];
        if (launches.isEmpty()) {
            MemorySegment.copy(floats.getSegment(), ValueLayout.JAVA_FLOAT, 4L * floatsAt, someFloats, 0, numFloats);
            MemorySegment.copy(ints.getSegment(), ValueLayout.JAVA_INT, 4L * intsAt, someInts, 0, numInts);
            return new Contents(someFloats, someInts, 0);
        }
        int failed = launches.get().read(floatsAt, someFloats, intsAt, someInts);
        if (failed != 0) {
            write(0, new float[0], Rows.FAILED, new int[1]);
        }
        return new Contents(someFloats, someInts, failed);
    }

    @Override
    public void launch(Kernel kernel, int[] newCursor, int items) {
        if (launches.isEmpty()) {
            launches = Optional.of(new Launches(device, kernels, cursor, ints, floats));
        }
        for (int i = 0; i < newCursor.length; i++) {
            cursor.set(i, newCursor[i]);
        }
        launches.get().launch(kernel, items);
    }

    private void closeLaunches() {
        launches.ifPresent(Launches::close);
        launches = Optional.empty();
    }

    @Override
    public void close() {
        closeLaunches();
    }
}
