package org.attention4j.loaders.tokenizer;

import java.util.function.IntPredicate;

/**
 * How tokens are cut out of a text before it is encoded.
 *
 * @param inAnyText the tokens that are found in any text, beside the special ones where those are wanted
 * @param startBehind whether what follows such a token counts as the start of a text, before which a space may be put
 */
record Cuts(IntPredicate inAnyText, boolean startBehind) {
    /** Cuts at all tokens that are found in any text; what follows is a start. */
    static Cuts atUserDefined(Vocabulary vocabulary) {
        return new Cuts(id -> vocabulary.kind(id) == TokenKind.USER_DEFINED, true);
    }
}
