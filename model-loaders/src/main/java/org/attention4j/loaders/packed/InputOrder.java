package org.attention4j.loaders.packed;

import com.google.common.primitives.ImmutableIntArray;
import java.util.stream.IntStream;

/**
 * The inputs of a layer, sorted by their groups.
 *
 * @param inputs each input once
 * @param groups the group of each input, by number of the input
 * @param blockSize a power of two from 16 to 128 such that each so many of the sorted inputs are in one group; 0: there is none
 */
record InputOrder(ImmutableIntArray inputs, ImmutableIntArray groups, int blockSize) {
    static final int LARGEST_BLOCK = 128;

    private static final int SMALLEST_BLOCK = 16;

    /**
     * Sorts inputs, those of a group in their order.
     *
     * @param groups from 0 to {@code numGroups} − 1
     */
    static InputOrder of(int[] groups, int numGroups) {
        int[] next = new int[numGroups + 1];
        for (int g : groups) {
            next[g + 1]++;
        }
        int block = LARGEST_BLOCK;
        for (int g = 0; g < numGroups; g++) {
            while (block >= SMALLEST_BLOCK && next[g + 1] % block != 0) {
                block /= 2;
            }
            next[g + 1] += next[g];
        }
        int[] inputs = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            inputs[next[groups[i]]++] = i;
        }
        return new InputOrder(
                ImmutableIntArray.copyOf(inputs), ImmutableIntArray.copyOf(groups), block < SMALLEST_BLOCK ? 0 : block);
    }

    /** Whether sorting changes nothing. */
    boolean isIdentity() {
        return IntStream.range(0, inputs.length()).allMatch(i -> inputs.get(i) == i);
    }

    /** The group that block {@code block} of the sorted inputs is in. */
    int groupOfBlock(int block) {
        return groups.get(inputs.get(block * blockSize));
    }
}
