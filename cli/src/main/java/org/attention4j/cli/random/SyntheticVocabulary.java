package org.attention4j.cli.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A byte-level BPE vocabulary of any size: a token for each byte, then token {@code k / 256} followed by byte {@code k % 256} for
 * k = 0, 1, …, and an end of text. It can write any text, and has as many tokens as a benchmark needs.
 */
final class SyntheticVocabulary {
    static final int BYTES = 256;

    /** Bytes and the end of text. */
    static final int SMALLEST = BYTES + 1;

    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private final int size;
    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();

    SyntheticVocabulary(int size) {
        this.size = size;
        for (int b = 0; b < BYTES; b++) {
            tokens.add(Character.toString(symbol(b)));
        }
        for (int k = 0; tokens.size() < size - 1; k++) {
            String left = tokens.get(k / BYTES);
            String right = tokens.get(k % BYTES);
            merges.add(left + " " + right);
            tokens.add(left + right);
        }
        tokens.add("<|endoftext|>");
    }

    List<String> tokens() {
        return tokens;
    }

    List<String> merges() {
        return merges;
    }

    int endId() {
        return size - 1;
    }

    int[] types() {
        int[] types = new int[size];
        Arrays.fill(types, NORMAL);
        types[endId()] = CONTROL;
        return types;
    }

    /** The character that GPT-2's byte-level alphabet writes for a byte: printable ones themselves, others from U+0100 on. */
    private static int symbol(int b) {
        if (isPrintable(b)) {
            return b;
        }
        int before = 0;
        for (int other = 0; other < b; other++) {
            before += isPrintable(other) ? 0 : 1;
        }
        return 0x100 + before;
    }

    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    }
}
