package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attention4j.loaders.ModelFormatException;

/** The merges of a byte-pair encoding, from a pair of ids to the merge's rank and the id of what it makes. */
final class MergeTable {
    private static final long FREE = -1;

    private final long[] pairs;
    private final long[] made;

    /**
     * The merges of a file, best first, each two tokens with a space between them. Of two merges of one pair the first counts.
     *
     * @throws ModelFormatException if one is not two tokens of the vocabulary that make a third
     */
    MergeTable(Path file, Vocabulary vocabulary, List<String> merges) {
        int slots = Integer.highestOneBit(Math.max(merges.size(), 8)) * 4;
        pairs = new long[slots];
        made = new long[slots];
        Arrays.fill(pairs, FREE);
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw new ModelFormatException(
                        file, "merge %d is %s, expected two tokens and a space".formatted(rank, quote(merge)));
            }
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            int made = require(file, vocabulary, rank, merge, left + right);
            long pair =
                    pair(require(file, vocabulary, rank, merge, left), require(file, vocabulary, rank, merge, right));
            int slot = slot(pair);
            if (pairs[slot] == FREE) {
                pairs[slot] = pair;
                this.made[slot] = SymbolMerger.token(rank, made);
            }
        }
    }

    private static int require(Path file, Vocabulary vocabulary, int rank, String merge, String token) {
        int id = vocabulary.find(token);
        if (id == Vocabulary.NONE) {
            throw new ModelFormatException(
                    file,
                    "merge %d is %s, but %s is not in the vocabulary".formatted(rank, quote(merge), quote(token)));
        }
        return id;
    }

    /**
     * The {@linkplain SymbolMerger#token token} that a pair of ids makes, or {@link SymbolMerger#NO_TOKEN}, also if one of them
     * is {@link Vocabulary#NONE}.
     */
    long join(int left, int right) {
        int slot = slot(pair(left, right));
        return pairs[slot] == FREE ? SymbolMerger.NO_TOKEN : made[slot];
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Where the pair is or, if it is not in the table, a free slot. */
    private int slot(long pair) {
        long mixed = pair * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & (pairs.length - 1);
        while (pairs[slot] != FREE && pairs[slot] != pair) {
            slot = (slot + 1) & (pairs.length - 1);
        }
        return slot;
    }
}
