package org.attention4j.loaders.tokenizer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens that begin and end sequences.
 *
 * @param prefix the ids put before a text whose special tokens are added
 * @param suffix the ids put behind it
 * @param bos the token that begins a sequence
 * @param ends the tokens that end what a model generates
 */
record SpecialTokens(List<Integer> prefix, List<Integer> suffix, OptionalInt bos, Set<Integer> ends) {
    SpecialTokens {
        prefix = List.copyOf(prefix);
        suffix = List.copyOf(suffix);
        ends = Set.copyOf(ends);
    }
}
