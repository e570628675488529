package org.attention4j.tornado.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.attention4j.tornado.kernel.Rows;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Runs kernels as the Java that they are, without any device: work-items one after the other, those that cooperate in threads. */
public final class JavaMachine extends Machine {
    private FloatArray floats = new FloatArray(capacity(Bank.FLOATS));
    private IntArray ints = new IntArray(capacity(Bank.INTS));
    private final List<ByteArray> bytes = new ArrayList<>(List.of(new ByteArray(bytesCapacity(0))));

    private final boolean isProcessor;
    private final long deviceBytes;

    /** With nothing in it, and as much memory as one likes. */
    public JavaMachine() {
        this(true);
    }

    /** With nothing in it, and kernels for a CPU or a GPU. */
    public JavaMachine(boolean isProcessor) {
        this(isProcessor, Long.MAX_VALUE);
    }

    /** With nothing in it, and so much memory. */
    public JavaMachine(long deviceBytes) {
        this(true, deviceBytes);
    }

    private JavaMachine(boolean isProcessor, long deviceBytes) {
        super(new Traffic(false));
        this.isProcessor = isProcessor;
        this.deviceBytes = deviceBytes;
        write(0, Powers.table(), 0, new int[0]);
    }

    @Override
    public String device() {
        return "Java";
    }

    @Override
    public boolean isProcessor() {
        return isProcessor;
    }

    @Override
    protected long mostElements(Bank bank) {
        return 1 << 28;
    }

    @Override
    protected long deviceBytes() {
        return deviceBytes;
    }

    @Override
    protected void grow(Bank bank, int newCapacity) {
        if (bank == Bank.FLOATS) {
            FloatArray larger = new FloatArray(newCapacity);
            MemorySegment.copy(
                    floats.getSegment(),
                    0,
                    larger.getSegment(),
                    0,
                    floats.getSegment().byteSize());
            floats = larger;
        } else {
            IntArray larger = new IntArray(newCapacity);
            MemorySegment.copy(
                    ints.getSegment(),
                    0,
                    larger.getSegment(),
                    0,
                    ints.getSegment().byteSize());
            ints = larger;
        }
    }

    @Override
    public void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts) {
        for (int i = 0; i < newFloats.length; i++) {
            floats.set(floatsAt + i, newFloats[i]);
        }
        for (int i = 0; i < newInts.length; i++) {
            ints.set(intsAt + i, newInts[i]);
        }
    }

    @Override
    public Contents read(int floatsAt, int numFloats, int intsAt, int numInts) {
        float[] someFloats = new float[numFloats];
        int[] someInts = new int[numInts];
        for (int i = 0; i < numFloats; i++) {
            someFloats[i] = floats.get(floatsAt + i);
        }
        for (int i = 0; i < numInts; i++) {
            someInts[i] = ints.get(intsAt + i);
        }
        int failed = ints.get(Rows.FAILED);
        ints.set(Rows.FAILED, 0);
        return new Contents(someFloats, someInts, failed);
    }

    @Override
    public void launch(Kernel kernel, int array, int[] cursor, int items) {
        traffic().add(kernel.name(), new Traffic.Sum(1, 0, 0, 0, 0, 0));
        IntArray on = IntArray.fromArray(cursor);
        int groups = items / kernel.group();
        if (kernel.cooperates()) {
            together(kernel, groups, c -> apply(kernel, c, on, array));
            return;
        }
        ItemContext context = new ItemContext(kernel.group(), items);
        for (int g = 0; g < groups; g++) {
            for (int i = 0; i < kernel.group(); i++) {
                context.become(g, i);
                apply(kernel, context, on, array);
            }
        }
    }

    private static void together(Kernel kernel, int groups, Consumer<ItemContext> work) {
        int size = kernel.group();
        WorkGroup group = new WorkGroup(size);
        List<ItemContext> contexts = IntStream.range(0, size)
                .<ItemContext>mapToObj(i -> new ItemContext.Cooperating(group, i, size, groups * size))
                .toList();
        group.run(item -> {
            for (int g = 0; g < groups; g++) {
                contexts.get(item).become(g, item);
                work.accept(contexts.get(item));
                group.end(item);
            }
        });
    }

    private void apply(Kernel kernel, ItemContext context, IntArray cursor, int array) {
        switch (kernel.code()) {
            case Kernel.Code.Plain(var method) -> method.apply(context, cursor, ints, floats);
            case Kernel.Code.OnBytes(var method) -> method.apply(context, cursor, ints, floats, bytes.get(array));
        }
    }

    @Override
    protected long mostBytes() {
        return 1 << 22;
    }

    @Override
    protected void growBytes(int array, int newCapacity) {
        ByteArray larger = new ByteArray(newCapacity);
        if (array == bytes.size()) {
            bytes.add(larger);
        } else {
            MemorySegment.copy(
                    bytes.get(array).getSegment(),
                    0,
                    larger.getSegment(),
                    0,
                    bytes.get(array).getSize());
            bytes.set(array, larger);
        }
    }

    @Override
    public void writeBytes(Place place, MemorySegment newBytes) {
        MemorySegment.copy(newBytes, 0, bytes.get(place.array()).getSegment(), place.offset(), newBytes.byteSize());
    }

    @Override
    public void want(Kernel kernel, int array) {}

    @Override
    public void close() {}
}
