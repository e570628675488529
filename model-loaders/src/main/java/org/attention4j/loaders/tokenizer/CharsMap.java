package org.attention4j.loaders.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.function.Function;
import org.attention4j.loaders.ModelFormatException;

/**
 * SentencePiece's normalization rules, which replace strings by others: the size in bytes of a double-array trie (the unit layout
 * of <a href="https://github.com/s-yata/darts-clone">Darts-clone</a>), the trie, and the replacements, each ended by a zero byte.
 *
 * <p>All paths through the trie are walked when a map is read, so that none that is used later leads outside. The tokenizers
 * library walks the same maps unchecked and ends the process when one does.
 */
final class CharsMap {
    /** The bytes that a rule may replace or put in their place; the longest compatibility decomposition of Unicode has 33. */
    private static final int LONGEST = 128;

    /** A rule that a text begins with: how many bytes of the text it replaces, and where in the map the replacement lies. */
    record Match(int length, int start, int end) {
        static final Match NONE = new Match(0, 0, 0);
    }

    private final Function<String, ModelFormatException> error;
    private final IntBuffer trie;
    private final ByteBuffer replacements;
    private final ArrayDeque<Integer> open = new ArrayDeque<>();
    private final BitSet seen = new BitSet();

    private CharsMap(Function<String, ModelFormatException> error, IntBuffer trie, ByteBuffer replacements) {
        this.error = error;
        this.trie = trie;
        this.replacements = replacements;
    }

    /**
     * Reads a map.
     *
     * @param error makes the exception for a sentence that says what the map holds
     * @throws ModelFormatException if a path through it leads outside
     */
    static CharsMap of(byte[] map, Function<String, ModelFormatException> error) {
        ByteBuffer bytes = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
        long trieBytes = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt() & 0xffffffffL;
        if (trieBytes < Integer.BYTES || trieBytes > bytes.remaining() || trieBytes % Integer.BYTES != 0) {
            throw error.apply("holds a trie of %d bytes, but has %d".formatted(trieBytes, bytes.remaining()));
        }
        IntBuffer trie = bytes.slice(bytes.position(), (int) trieBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        ByteBuffer replacements =
                bytes.position(bytes.position() + (int) trieBytes).slice();
        CharsMap checked = new CharsMap(error, trie, replacements);
        checked.check();
        return checked;
    }

    /**
     * The map in a {@code tokenizer.json}, written in Base64.
     *
     * @throws ModelFormatException if it is not Base64 or a path through it leads outside
     */
    static CharsMap of(JsonView charsMap) {
        byte[] map;
        try {
            map = Base64.getDecoder().decode(charsMap.text());
        } catch (IllegalArgumentException e) {
            throw charsMap.bad("text in Base64");
        }
        return of(map, charsMap::error);
    }

    /** The longest rule for what the text has at {@code from}, or {@link Match#NONE}. */
    Match find(byte[] text, int from) {
        int length = 0;
        int start = 0;
        int node = offset(trie.get(0));
        int last = Math.min(text.length, from + LONGEST);
        for (int at = from; at < last; at++) {
            int label = text[at] & 0xff;
            int child = node ^ label;
            if (label == 0 || child >= trie.capacity() || !isChild(trie.get(child), label)) {
                break;
            }
            int unit = trie.get(child);
            node = child ^ offset(unit);
            if (hasValue(unit)) {
                length = at + 1 - from;
                start = value(trie.get(node));
            }
        }
        return length == 0 ? Match.NONE : new Match(length, start, end(start));
    }

    /** A byte of the replacements. */
    byte replacement(int index) {
        return replacements.get(index);
    }

    private int end(int start) {
        int end = start;
        while (end < replacements.capacity() && replacements.get(end) != 0 && end - start <= LONGEST) {
            end++;
        }
        return end;
    }

    private void check() {
        if (!Unicode.isUtf8(replacements.duplicate())) {
            throw error.apply("holds replacements that are not valid UTF-8");
        }
        visit(offset(trie.get(0)));
        while (!open.isEmpty()) {
            int node = open.pop();
            for (int label = 1; label < 256; label++) {
                int unit = unit(node ^ label);
                if (isChild(unit, label)) {
                    int child = node ^ label ^ offset(unit);
                    visit(child);
                    if (hasValue(unit)) {
                        checkReplacement(value(unit(child)));
                    }
                }
            }
        }
    }

    private void visit(int node) {
        if (node < 0 || node > trie.capacity()) {
            throw outside();
        }
        if (!seen.get(node)) {
            seen.set(node);
            open.push(node);
        }
    }

    private int unit(int index) {
        if (index < 0 || index >= trie.capacity()) {
            throw outside();
        }
        return trie.get(index);
    }

    private ModelFormatException outside() {
        return error.apply("holds a trie that leads outside its %d units".formatted(trie.capacity()));
    }

    private void checkReplacement(int start) {
        boolean within = start < replacements.capacity();
        if (start > replacements.capacity() || (within && (replacements.get(start) & 0xc0) == 0x80)) {
            throw error.apply("holds a replacement at byte %d of %d".formatted(start, replacements.capacity()));
        }
        if (end(start) - start > LONGEST) {
            throw error.apply("holds a replacement of more than %d bytes".formatted(LONGEST));
        }
    }

    private static boolean isChild(int unit, int label) {
        return (unit & 0x800000ff) == label;
    }

    private static boolean hasValue(int unit) {
        return (unit >> 8 & 1) != 0;
    }

    private static int value(int unit) {
        return unit & Integer.MAX_VALUE;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >> 6);
    }
}
