package org.attention4j.loaders.tokenizer;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Byte strings with ids, to be found where a text begins with them. */
final class ByteTrie {
    /** Receives the strings that a text begins with. */
    @FunctionalInterface
    interface Prefixes {
        /** A string: its id, and where it ends in the text. */
        void prefix(int id, int end);
    }

    /** Holds nothing. */
    static final ByteTrie EMPTY = new ByteTrie(IntStream.empty(), id -> new byte[0]);

    private final byte[][] sorted;
    private final int[] ids;

    /** {@code [257]}: where the strings of each first byte begin. */
    private final int[] firsts = new int[257];

    /** The strings of these ids; empty ones are left out, and of equal ones one is kept. */
    ByteTrie(IntStream ids, IntFunction<byte[]> bytes) {
        this.ids = ids.filter(id -> bytes.apply(id).length > 0)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes.apply(a), bytes.apply(b)))
                .mapToInt(Integer::intValue)
                .toArray();
        this.sorted = IntStream.of(this.ids).mapToObj(bytes).toArray(byte[][]::new);
        for (byte[] string : sorted) {
            firsts[(string[0] & 0xff) + 1]++;
        }
        Arrays.parallelPrefix(firsts, Integer::sum);
    }

    /** All strings that the text has at {@code from}, the shortest first. */
    void prefixes(byte[] text, int from, Prefixes found) {
        if (from >= text.length) {
            return;
        }
        int low = firsts[text[from] & 0xff];
        int high = firsts[(text[from] & 0xff) + 1];
        for (int depth = 1; low < high; depth++) {
            if (sorted[low].length == depth) {
                found.prefix(ids[low], from + depth);
            }
            if (from + depth >= text.length) {
                return;
            }
            int next = text[from + depth] & 0xff;
            low = firstNotBelow(low, high, depth, next);
            high = firstNotBelow(low, high, depth, next + 1);
        }
    }

    /** Where the longest string ends that the text has at {@code from}; {@code from} if it has none. */
    int longest(byte[] text, int from) {
        int[] longest = {from};
        prefixes(text, from, (id, end) -> longest[0] = end);
        return longest[0];
    }

    /** The first string of the range whose byte at {@code depth} is at least {@code b}; ends of strings come first. */
    private int firstNotBelow(int low, int high, int depth, int b) {
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] string = sorted[middle];
            if (string.length <= depth || (string[depth] & 0xff) < b) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
