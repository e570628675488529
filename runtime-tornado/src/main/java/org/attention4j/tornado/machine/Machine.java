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
    /** The most floats or integers that go to the device or come from it at once: more goes in pieces, each with a launch. */
    public static final int PIECE = 1 << 18;

    /** So many floats and integers, or fewer of them, go to the device in one launch together. */
    public static final int FEW = 1 << 10;

    private static final int FIRST_FLOATS = 1 << 20;
    private static final int FIRST_INTS = 1 << 20;
    private static final int FIRST_BYTES = 1 << 20;

    private final Traffic traffic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Regions floats = new Regions(Rows.FIRST_FLOAT, FIRST_FLOATS);
    private final Regions ints = new Regions(Rows.FIRST_INT, FIRST_INTS);
    private final List<Regions> bytes = new ArrayList<>(List.of(new Regions(0, FIRST_BYTES)));
    private Scratch scratchFloats = Scratch.NONE;
    private Scratch scratchInts = Scratch.NONE;

    /** Where temporary values of a bank are. */
    private record Scratch(int offset, int size) {
        static final Scratch NONE = new Scratch(0, 0);
    }

    /** An empty machine whose launches are counted there. */
    protected Machine(Traffic traffic) {
        this.traffic = traffic;
    }

    /** What was launched, and what went to the device and came from it. */
    public final Traffic traffic() {
        return traffic;
    }

    /** The launches that {@link #write} takes on a device for so many values. */
    public static int launchesToWrite(int numFloats, int numInts) {
        return numFloats <= FEW && numInts <= FEW
                ? Math.min(1, numFloats + numInts)
                : Math.ceilDiv(numFloats, PIECE) + Math.ceilDiv(numInts, PIECE);
    }

    /** The launches that {@link #read} takes on a device for so many floats, or so many integers. */
    public static int launchesToRead(int count) {
        return Math.max(1, Math.ceilDiv(count, PIECE));
    }

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
        if (count <= Integer.MAX_VALUE) {
            OptionalInt offset = regions.allocate((int) count);
            if (offset.isPresent()) {
                return offset.getAsInt();
            }
        }
        Room room = room(bank);
        if (count > room.mostFree()) {
            throw room.shortage(what, count, bank == Bank.FLOATS ? "floats" : "integers", device());
        }
        int capacity = room.capacityFor(count);
        growing(what, 4L * capacity, () -> grow(bank, capacity));
        regions.extend(capacity);
        return regions.allocate((int) count).orElseThrow();
    }

    /** The most elements of a bank that {@link #allocate} can give in one piece. */
    public final long mostFree(Bank bank) {
        return room(bank).mostFree();
    }

    private Room room(Bank bank) {
        return new Room(regions(bank), 4, mostElements(bank), deviceBytes(), arrayBytes());
    }

    private static void growing(String what, long size, Runnable grow) {
        try {
            grow.run();
        } catch (OutOfMemoryError e) {
            throw new BackendException(
                    "%s: an array of %d MiB does not fit into this JVM's memory: %s"
                            .formatted(what, Room.mebibytes(size), e.getMessage()),
                    e);
        }
    }

    /** Bytes of all arrays. */
    private long arrayBytes() {
        long inBytes = bytes.stream().mapToLong(Regions::capacity).sum();
        return 4L * floats.capacity() + 4L * ints.capacity() + inBytes;
    }

    /** Gives back what {@link #allocate} gave. */
    public final void free(Bank bank, int offset) {
        regions(bank).free(offset);
    }

    /**
     * Makes sure that there is room for this many temporary floats and integers, which all programs share.
     *
     * @param what needs them, for the message
     */
    public final void reserveScratch(int numFloats, int numInts, String what) {
        scratchFloats = larger(scratchFloats, numFloats, Bank.FLOATS, what);
        scratchInts = larger(scratchInts, numInts, Bank.INTS, what);
    }

    private Scratch larger(Scratch now, int count, Bank bank, String what) {
        if (count <= now.size) {
            return now;
        }
        if (now.size > 0) {
            free(bank, now.offset);
            // Nothing to free if there is no room now.
            if (bank == Bank.FLOATS) {
                scratchFloats = Scratch.NONE;
            } else {
                scratchInts = Scratch.NONE;
            }
        }
        return new Scratch(allocate(bank, count, what), count);
    }

    /** Where temporary values of a bank begin. */
    public final int scratch(Bank bank) {
        return (bank == Bank.FLOATS ? scratchFloats : scratchInts).offset;
    }

    /** The elements that a bank has now. */
    protected final int capacity(Bank bank) {
        return regions(bank).capacity();
    }

    private Regions regions(Bank bank) {
        return bank == Bank.FLOATS ? floats : ints;
    }

    /** Whether what is written is lost, so that nobody needs to read weights from files. */
    public boolean isPaper() {
        return false;
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
        if (count <= Integer.MAX_VALUE) {
            for (int i = 0; i < bytes.size(); i++) {
                OptionalInt offset = bytes.get(i).allocate((int) count);
                if (offset.isPresent()) {
                    return new Place(i, offset.getAsInt());
                }
            }
        }
        Room room = room(bytes.getLast());
        if (count > room.mostFree()) {
            // The last array is full; the device may have room for another.
            Room other = room(new Regions(0, 0));
            if (count > other.mostFree()) {
                throw room.shortage(what, count, "bytes", device());
            }
            bytes.add(other.regions());
            room = other;
        }
        int last = bytes.size() - 1;
        int capacity = room.capacityFor(count);
        growing(what, capacity, () -> growBytes(last, capacity));
        room.regions().extend(capacity);
        return new Place(last, room.regions().allocate((int) count).orElseThrow());
    }

    private Room room(Regions array) {
        return new Room(array, 1, mostBytes(), deviceBytes(), arrayBytes());
    }

    /** Gives back what {@link #allocateBytes} gave. */
    public final void freeBytes(Place place) {
        bytes.get(place.array).free(place.offset);
    }

    /** The bytes that an array has now. */
    protected final int bytesCapacity(int array) {
        return bytes.get(array).capacity();
    }

    /** The bytes of the device's memory. */
    protected abstract long deviceBytes();

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
