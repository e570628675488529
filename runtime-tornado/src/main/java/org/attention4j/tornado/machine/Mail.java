package org.attention4j.tornado.machine;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Small arrays that go to the device or come from it, always whole: so there are some of several sizes. */
final class Mail {
    final String name;
    final int numFloats;
    final int numInts;
    /** An array must have elements. */
    final FloatArray floats;
    /** One longer, for the cell of failures. */
    final IntArray ints;

    private Mail(String name, int numFloats, int numInts) {
        this.name = name;
        this.numFloats = numFloats;
        this.numInts = numInts;
        this.floats = new FloatArray(Math.max(1, numFloats));
        this.ints = new IntArray(numInts + 1);
    }

    /** Those that go to the device, smaller ones first: a token and its position, a prompt's chunk, and all else in pieces. */
    static ImmutableList<Mail> toDevice() {
        return ImmutableList.of(
                new Mail("write0", Machine.FEW / 8, Machine.FEW / 8),
                new Mail("write1", Machine.FEW, Machine.FEW),
                new Mail("write2", Machine.PIECE, 0),
                new Mail("write3", 0, Machine.PIECE));
    }

    /** Those that come from it, smaller ones first. Logits come for each token: in an array less than twice as large. */
    static ImmutableList<Mail> fromDevice() {
        Stream<Mail> floats = Stream.iterate(Machine.FEW, n -> n <= Machine.PIECE, n -> 2 * n)
                .map(n -> new Mail("readFloats" + n, n, 0));
        Stream<Mail> ints = Stream.of(Machine.FEW, Machine.PIECE).map(n -> new Mail("readInts" + n, 0, n));
        return Stream.concat(floats, ints).collect(ImmutableList.toImmutableList());
    }

    boolean holds(int wantedFloats, int wantedInts) {
        return wantedFloats <= numFloats && wantedInts <= numInts;
    }

    /** What crosses the bus with it. */
    long bytes() {
        return floats.getNumBytesOfSegmentWithHeader() + ints.getNumBytesOfSegmentWithHeader();
    }
}
