package org.attention4j.loaders.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import org.attention4j.loaders.ModelFormatException;

/**
 * Checks the {@code precompiled_charsmap} of a normalizer, because the library that walks it ends the process when it leads
 * outside: the size in bytes of a double-array trie (the unit layout of
 * <a href="https://github.com/s-yata/darts-clone">Darts-clone</a>), the trie, and the replacements, each ended by a zero byte.
 */
final class CharsMapGuard {
    private final JsonView where;
    private final IntBuffer trie;
    private final ByteBuffer replacements;
    private final ArrayDeque<Integer> open = new ArrayDeque<>();
    private final BitSet seen = new BitSet();

    private CharsMapGuard(JsonView where, IntBuffer trie, ByteBuffer replacements) {
        this.where = where;
        this.trie = trie;
        this.replacements = replacements;
    }

    /**
     * Checks a map.
     *
     * @throws ModelFormatException if a path through it leads outside
     */
    static void check(JsonView charsMap) {
        ByteBuffer bytes = decode(charsMap).order(ByteOrder.LITTLE_ENDIAN);
        long trieBytes = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt() & 0xffffffffL;
        if (trieBytes < Integer.BYTES || trieBytes > bytes.remaining() || trieBytes % Integer.BYTES != 0) {
            throw charsMap.error("holds a trie of %d bytes, but has %d".formatted(trieBytes, bytes.remaining()));
        }
        IntBuffer trie = bytes.slice(bytes.position(), (int) trieBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        new CharsMapGuard(
                        charsMap,
                        trie,
                        bytes.position(bytes.position() + (int) trieBytes).slice())
                .check();
    }

    private static ByteBuffer decode(JsonView charsMap) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(charsMap.text()));
        } catch (IllegalArgumentException e) {
            throw charsMap.bad("text in Base64");
        }
    }

    private void check() {
        if (!Unicode.isUtf8(replacements.duplicate())) {
            throw where.error("holds replacements that are not valid UTF-8");
        }
        visit(offset(trie.get(0)));
        while (!open.isEmpty()) {
            int node = open.pop();
            for (int label = 1; label < 256; label++) {
                int unit = unit(node ^ label);
                if ((unit & 0x800000ff) == label) {
                    int child = node ^ label ^ offset(unit);
                    visit(child);
                    if ((unit >> 8 & 1) != 0) {
                        checkReplacement(unit(child) & Integer.MAX_VALUE);
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
        return where.error("holds a trie that leads outside its %d units".formatted(trie.capacity()));
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >> 6);
    }

    private void checkReplacement(int start) {
        boolean within = start < replacements.capacity();
        if (start > replacements.capacity() || (within && (replacements.get(start) & 0xc0) == 0x80)) {
            throw where.error("holds a replacement at byte %d of %d".formatted(start, replacements.capacity()));
        }
    }
}
