package org.attention4j.tornado.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.Progress;
import org.attention4j.tornado.kernel.Rows;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A device of TornadoVM. Until the first launch the arrays are only here; then they go to the device and stay there. An array
 * that must become longer comes back, and goes again.
 */
public final class TornadoMachine extends Machine {
    private final TornadoDevice device;
    private final Launches.Listeners listeners;
    private final String description;
    private final boolean isProcessor;
    private final Set<Launches.Use> wanted = new LinkedHashSet<>();
    private final List<ByteArray> bytes = new ArrayList<>();
    private final IntArray cursor = new IntArray(Rows.CURSOR);
    private FloatArray floats;
    private IntArray ints;
    private Optional<Launches> launches = Optional.empty();

    /**
     * The machine on a device.
     *
     * @param isProcessor which kernels are taken: {@link #isProcessor}; empty: by the kind of the device
     * @param progress is told of kernels that are compiled
     * @param profiles whether each run is kept, and measured
     */
    public TornadoMachine(String deviceId, Optional<Boolean> isProcessor, Progress progress, boolean profiles) {
        super(new Traffic(profiles));
        this.listeners = new Launches.Listeners(traffic(), progress, profiles);
        this.device = Devices.device(deviceId);
        this.isProcessor = isProcessor.orElseGet(() -> device.getDeviceType() == TornadoDeviceType.CPU);
        this.description = "%s (%s)"
                .formatted(deviceId, device.getPhysicalDevice().getDeviceName().strip());
        this.floats = new FloatArray(capacity(Bank.FLOATS));
        this.ints = new IntArray(capacity(Bank.INTS));
        this.bytes.add(new ByteArray(bytesCapacity(0)));
        float[] powers = Powers.table();
        MemorySegment.copy(powers, 0, floats.getSegment(), ValueLayout.JAVA_FLOAT, 0, powers.length);
    }

    @Override
    public String device() {
        return description;
    }

    @Override
    public boolean isProcessor() {
        return isProcessor;
    }

    @Override
    protected long mostElements(Bank bank) {
        long bytes = device.getPhysicalDevice().getDeviceMaxAllocationSize();
        return Math.min(Integer.MAX_VALUE - 2L * Regions.ALIGNMENT, (bytes - 64) / 4);
    }

    @Override
    protected void grow(Bank bank, int newCapacity) {
        // First what may fail: until then nothing has changed.
        FloatArray newFloats = bank == Bank.FLOATS ? new FloatArray(newCapacity) : floats;
        IntArray newInts = bank == Bank.INTS ? new IntArray(newCapacity) : ints;
        Contents all = read(0, capacity(Bank.FLOATS), 0, capacity(Bank.INTS));
        closeLaunches();
        floats = newFloats;
        ints = newInts;
        write(0, all.floats(), 0, all.ints());
    }

    @Override
    protected long deviceBytes() {
        return device.getPhysicalDevice().getDeviceGlobalMemorySize();
    }

    @Override
    protected long mostBytes() {
        return Math.min(
                Integer.MAX_VALUE - 2L * Regions.ALIGNMENT,
                device.getPhysicalDevice().getDeviceMaxAllocationSize() - 64);
    }

    @Override
    protected void growBytes(int array, int newCapacity) {
        ByteArray larger = new ByteArray(newCapacity);
        bringHome();
        if (array == bytes.size()) {
            bytes.add(larger);
        } else {
            MemorySegment old = bytes.get(array).getSegment();
            MemorySegment.copy(old, 0, larger.getSegment(), 0, old.byteSize());
            bytes.set(array, larger);
        }
    }

    /** The bytes here are those on the device: nothing but this writes them. */
    @Override
    public void writeBytes(Place place, MemorySegment newBytes) {
        MemorySegment.copy(newBytes, 0, bytes.get(place.array()).getSegment(), place.offset(), newBytes.byteSize());
        if (launches.isPresent()) {
            launches.get().writeBytes(place.array(), place.offset(), newBytes);
        }
    }

    /** Takes all arrays from the device; the next launch brings them there again, with all kernels that are wanted. */
    private void bringHome() {
        if (launches.isPresent()) {
            Contents all = read(0, capacity(Bank.FLOATS), 0, capacity(Bank.INTS));
            closeLaunches();
            write(0, all.floats(), 0, all.ints());
        }
    }

    @Override
    public void want(Kernel kernel, int array) {
        wanted.add(Launches.Use.of(kernel, array));
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
    public void launch(Kernel kernel, int array, int[] newCursor, int items) {
        Launches.Use use = Launches.Use.of(kernel, array);
        wanted.add(use);
        if (launches.isPresent() && !launches.get().has(use)) {
            bringHome();
        }
        if (launches.isEmpty()) {
            launches = Optional.of(
                    new Launches(device, listeners, wanted, cursor, new TaskGraphs.Arrays(ints, floats, bytes)));
        }
        for (int i = 0; i < newCursor.length; i++) {
            cursor.set(i, newCursor[i]);
        }
        launches.get().launch(use, items);
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
