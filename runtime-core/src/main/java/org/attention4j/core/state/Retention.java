package org.attention4j.core.state;

import java.util.stream.LongStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;

/**
 * Which of the tokens seen a KV cache keeps. Every kind is stored in one way: slots for the first tokens, which stay, then
 * a ring for the others. {@link All} is a ring that is never full.
 */
public sealed interface Retention {
    /** Every token, up to the context length. */
    record All() implements Retention {
        @Override
        public String toString() {
            return "all";
        }
    }

    /** The last {@code size} tokens. */
    record Window(int size) implements Retention {
        public Window {
            requirePositive("window", size);
        }

        @Override
        public String toString() {
            return "last " + size;
        }
    }

    /** The first {@code sinks} tokens and the last {@code size} (Xiao et al. 2023, "Efficient Streaming Language Models"). */
    record SinksAndWindow(int sinks, int size) implements Retention {
        public SinksAndWindow {
            requirePositive("sinks", sinks);
            requirePositive("window", size);
        }

        @Override
        public String toString() {
            return "first " + sinks + " and last " + size;
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("retention: %s is %d, expected at least 1".formatted(what, value));
        }
    }

    /** How many of the first tokens stay for ever. */
    default int numSinks() {
        return this instanceof SinksAndWindow(int sinks, int size) ? sinks : 0;
    }

    /** The number of slots that a cache has in this storage. */
    default Dim capacity(Storage storage) {
        return switch (this) {
            case All a -> Dims.CONTEXT;
            case Window(int size) -> Dim.of((long) size + storage.ringSlack());
            case SinksAndWindow(int sinks, int size) -> Dim.of((long) sinks + size + storage.ringSlack());
        };
    }

    /** The positions kept after {@code length} tokens, rising. */
    default long[] retained(long length) {
        return switch (this) {
            case All a -> LongStream.range(0, length).toArray();
            case Window(int size) ->
                LongStream.range(Math.max(0, length - size), length).toArray();
            case SinksAndWindow(int sinks, int size) ->
                LongStream.concat(
                                LongStream.range(0, Math.min(sinks, length)),
                                LongStream.range(Math.max(sinks, length - size), length))
                        .toArray();
        };
    }

    /** The slot, of {@code capacity} ones, in which the token at {@code position} is kept. */
    default long slotOf(long position, long capacity) {
        int sinks = numSinks();
        return position < sinks ? position : sinks + (position - sinks) % (capacity - sinks);
    }

    /**
     * Whether a cache of {@code capacity} slots that has seen {@code length} tokens still holds what it held after
     * {@code shorter} tokens, as far as {@link #retained} goes.
     */
    default boolean canTruncate(long length, long shorter, long capacity) {
        long ring = capacity - numSinks();
        return switch (this) {
            case All a -> true;
            case Window(int size) -> length <= ring || shorter >= length - (ring - size);
            case SinksAndWindow(int sinks, int size) -> length <= capacity || shorter >= length - (ring - size);
        };
    }
}
