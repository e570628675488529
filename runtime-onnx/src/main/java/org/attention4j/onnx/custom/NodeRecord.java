package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.attention4j.x86.OneRow;

/**
 * What ONNX Runtime hands over as a kernel: the address of numbers and addresses of 64 bits each, which {@link OneRowCode} reads. They are the code
 * to run, that which calls Java, and the node's number; where there is code for one row, also the input's dims, those of the outputs, of
 * each launch the function, share and count, and then the task.
 */
final class NodeRecord {
    static final int CODE = 0;
    static final int SLOW = Long.BYTES;
    private static final int NUMBER = 2 * Long.BYTES;
    private static final int PLAIN_BYTES = 3 * Long.BYTES;
    static final int INPUT_DIMS = OneRow.ALIGNMENT;
    private static final int DIMS_BYTES = OneRowNode.MOST_AXES * Long.BYTES;
    private static final int LAUNCH_BYTES = 4 * Long.BYTES;

    @SuppressWarnings("restricted") // Records are known by their addresses.
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NodeRecord() {}

    /** Where the dims of an output are. */
    static int outputDims(int output) {
        return INPUT_DIMS + (1 + output) * DIMS_BYTES;
    }

    static int launch(int outputs, int launch) {
        return outputDims(outputs) + launch * LAUNCH_BYTES;
    }

    static int task(int outputs, int launches) {
        return Math.ceilDiv(launch(outputs, launches), OneRow.ALIGNMENT) * OneRow.ALIGNMENT;
    }

    /** The number of the node whose record is at an address. */
    static long numberAt(long address) {
        return MEMORY.get(JAVA_LONG, address + NUMBER);
    }

    /**
     * Makes one.
     *
     * @param slow the code that calls Java
     * @return its memory, which is given back when nothing knows it any more
     */
    static MemorySegment of(long number, long slow, Optional<OneRowNode> oneRow) {
        if (oneRow.isEmpty()) {
            return head(Arena.ofAuto().allocate(PLAIN_BYTES, OneRow.ALIGNMENT), number, slow, slow);
        }
        OneRowNode node = oneRow.get();
        OneRow row = node.row();
        List<OneRow.Launch> launches = row.launches();
        int numOutputs = row.outputs().length();
        int task = task(numOutputs, launches.size());
        MemorySegment memory = Arena.ofAuto().allocate(task + row.task().byteSize(), OneRow.ALIGNMENT);
        switch (node.dims()) {
            case OneRowNode.Dims.First first -> {
                put(memory, INPUT_DIMS, first.input());
                for (int i = 0; i < numOutputs; i++) {
                    put(memory, outputDims(i), first.outputs().get(i));
                }
            }
            case OneRowNode.Dims.Last last -> {
                put(memory, INPUT_DIMS, lastOf(last.columns()));
                put(memory, outputDims(0), lastOf(last.rows()));
            }
        }
        for (int i = 0; i < launches.size(); i++) {
            OneRow.Launch l = launches.get(i);
            put(memory, launch(numOutputs, i), ImmutableLongArray.of(l.function(), l.share(), l.count()));
        }
        memory.asSlice(task).copyFrom(row.task());
        return head(memory, number, slow, OneRowCode.of(node));
    }

    /** Of any number of dims up to the most, the last ones of these are what they should be. */
    private static ImmutableLongArray lastOf(long size) {
        return OneRowNode.ones(OneRowNode.MOST_AXES - 1, ImmutableLongArray.of(size));
    }

    private static MemorySegment head(MemorySegment memory, long number, long slow, long code) {
        memory.set(JAVA_LONG, CODE, code);
        memory.set(JAVA_LONG, SLOW, slow);
        memory.set(JAVA_LONG, NUMBER, number);
        return memory;
    }

    private static void put(MemorySegment memory, int at, ImmutableLongArray numbers) {
        for (int i = 0; i < numbers.length(); i++) {
            memory.set(JAVA_LONG, at + (long) i * Long.BYTES, numbers.get(i));
        }
    }
}
