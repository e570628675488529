package org.attention4j.tornado.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.kernel.Rows;

/**
 * Large arrays of floats and integers, parts of which belong to weights, states, tables and temporary values, and launches of
 * kernels on them. Whoever uses it holds its {@link #lock}: a device does one thing at a time.
 */
public abstract class Machine implements AutoCloseable {
    private static final int FIRST_FLOATS = 1 << 20;
    private static final int FIRST_INTS = 1 << 20;
    private static final int FIRST_BYTES = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Regions floats = new Regions(Rows.FIRST_FLOAT, FIRST_FLOATS);
    private final Regions ints = new Regions(Rows.FIRST_INT, FIRST_INTS);
    private final List<Regions> bytes = new ArrayList<>(List.of(new Regions(0, FIRST_BYTES)));
    private int scratchFloats;
    private int scratchInts;
    private int scratchFloatsSize;
    private int scratchIntsSize;

    /** Held by whoever uses the machine. */
    public final ReentrantLock lock() {
        return lock;
    }

    /**
     * Takes {@code count} elements of a bank, which may move the bank to a larger array.
     *
     * @param what it is for, for the message
     * @throws BackendException if there is not enough memory
     */
    public final int allocate(Bank bank, long count, String what) {
        Regions regions = regions(bank);
        long most = mostElements(bank);
        if (count <= most) {
            OptionalInt offset = regions.allocate((int) count);
            if (offset.isPresent()) {
                return offset.getAsInt();
            }
        }
        long needed = regions.capacity() + Math.max(count, 1) + Regions.ALIGNMENT;
        if (needed > most) {
            throw new BackendException("%s: %d more %s don't fit beside %d on %s, which takes %d in one array"
                    .formatted(
                            what, count, bank == Bank.FLOATS ? "floats" : "integers", regions.peak(), device(), most));
        }
        int capacity = (int) Math.min(most, Math.max(needed, 2L * regions.capacity()));
        grow(bank, capacity);
        regions.extend(capacity);
        return regions.allocate((int) count).orElseThrow();
    }

    /** Gives back what {@link #allocate} gave. */
    public final void free(Bank bank, int offset) {
        regions(bank).free(offset);
    }

    /** Makes sure that there is room for this many temporary floats and integers, which all programs share. */
    public final void reserveScratch(int numFloats, int numInts) {
        if (numFloats > scratchFloatsSize) {
            if (scratchFloatsSize > 0) {
                free(Bank.FLOATS, scratchFloats);
            }
            scratchFloats = allocate(Bank.FLOATS, numFloats, "temporary values");
            scratchFloatsSize = numFloats;
        }
        if (numInts > scratchIntsSize) {
            if (scratchIntsSize > 0) {
                free(Bank.INTS, scratchInts);
            }
            scratchInts = allocate(Bank.INTS, numInts, "temporary values");
            scratchIntsSize = numInts;
        }
    }

    /** Where temporary values of a bank begin. */
    public final int scratch(Bank bank) {
        return bank == Bank.FLOATS ? scratchFloats : scratchInts;
    }

    /** The elements that a bank has now. */
    protected final int capacity(Bank bank) {
        return regions(bank).capacity();
    }

    /** The end of what a bank ever held. */
    protected final int peak(Bank bank) {
        return regions(bank).peak();
    }

    private Regions regions(Bank bank) {
        return bank == Bank.FLOATS ? floats : ints;
    }

    /** What the machine runs on, for messages. */
    public abstract String device();

    /**
     * Whether work-items run one after the other, on wide registers, as on a CPU; else many run at a time and share what they
     * read.
     */
    public abstract boolean isProcessor();

    /** The most elements of a bank. */
    protected abstract long mostElements(Bank bank);

    /** Makes a bank longer; what it holds stays. */
    protected abstract void grow(Bank bank, int newCapacity);

    /** Writes floats and integers, each from an offset on. */
    public abstract void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts);

    /** Reads floats and integers, each from an offset on, and fails if a launch since the last reading did. */
    public abstract Contents read(int floatsAt, int numFloats, int intsAt, int numInts);

    /** What was read. */
    public static final class Contents {
        private final float[] floats;
        private final int[] ints;
        private final int failed;

        /** These, which are not copied. */
        public Contents(float[] floats, int[] ints, int failed) {
            this.floats = floats;
            this.ints = ints;
            this.failed = failed;
        }

        /** The floats themselves. */
        public float[] floats() {
            return floats;
        }

        /** The integers themselves. */
        public int[] ints() {
            return ints;
        }

        /** The row of a launch since the last reading that failed, or 0. */
        public int failed() {
            return failed;
        }
    }

    /** Where bytes went: the number of the array, and the offset in it. */
    public record Place(int array, int offset) {}

    /**
     * Takes {@code count} bytes of one of the arrays of bytes.
     *
     * @param what they are for, for the message
     * @throws BackendException if there is not enough memory
     */
    public final Place allocateBytes(long count, String what) {
        long most = mostBytes();
        if (count > most) {
            throw new BackendException(
                    "%s: %d bytes, of which %s takes %d in one array".formatted(what, count, device(), most));
        }
        for (int i = 0; i < bytes.size(); i++) {
            OptionalInt offset = bytes.get(i).allocate((int) count);
            if (offset.isPresent()) {
                return new Place(i, offset.getAsInt());
            }
        }
        int last = bytes.size() - 1;
        long needed = bytes.get(last).capacity() + count + Regions.ALIGNMENT;
        if (needed <= most) {
            int capacity =
                    (int) Math.min(most, Math.max(needed, 2L * bytes.get(last).capacity()));
            growBytes(last, capacity);
            bytes.get(last).extend(capacity);
        } else {
            last++;
            int capacity = (int) Math.min(most, count + FIRST_BYTES);
            growBytes(last, capacity);
            bytes.add(new Regions(0, capacity));
        }
        return new Place(last, bytes.get(last).allocate((int) count).orElseThrow());
    }

    /** Gives back what {@link #allocateBytes} gave. */
    public final void freeBytes(Place place) {
        bytes.get(place.array).free(place.offset);
    }

    /** The bytes that an array has now. */
    protected final int bytesCapacity(int array) {
        return bytes.get(array).capacity();
    }

    /** The most bytes of an array. */
    protected abstract long mostBytes();

    /** Makes an array of bytes longer, or adds one; what it holds stays. */
    protected abstract void growBytes(int array, int newCapacity);

    /** Writes bytes. */
    public abstract void writeBytes(Place place, MemorySegment newBytes);

    /**
     * Says that {@link #launch} will be asked for a kernel with an array of bytes: kernels that are known before the first launch
     * cost least.
     */
    public abstract void want(Kernel kernel, int array);

    /**
     * Runs a kernel.
     *
     * @param array the array of bytes for it, if it reads one
     * @param cursor see {@link Rows}
     * @param items how many work-items: whole work-groups
     */
    public abstract void launch(Kernel kernel, int array, int[] cursor, int items);

    @Override
    public abstract void close();
}
