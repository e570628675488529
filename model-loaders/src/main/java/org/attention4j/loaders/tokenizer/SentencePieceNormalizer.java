package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.attention4j.loaders.tokenizer.CharsMap.Match;

/**
 * What SentencePiece does to text before it cuts it (Kudo and Richardson 2018, arXiv:1808.06226, §3.1 and §3.2): characters are
 * replaced by rules, spaces become {@code ▁}, and one is put before or behind the text. User-defined tokens are left as they are.
 */
final class SentencePieceNormalizer {
    private static final byte[] ESCAPED = "▁".getBytes(UTF_8);
    private static final byte[] SPACE = {' '};

    /**
     * How spaces are treated.
     *
     * @param adds whether a space is put before the text
     * @param removesExtra whether spaces at its ends are left out and of several in a row all but one
     * @param escapes whether they become {@code ▁}
     * @param asSuffix whether the one that is put before the text is put behind it instead
     */
    record Spaces(boolean adds, boolean removesExtra, boolean escapes, boolean asSuffix) {}

    private final Optional<CharsMap> rules;
    private final ByteTrie userDefined;
    private final Spaces spaces;
    private final byte[] space;

    /**
     * A normalizer.
     *
     * @param userDefined the texts that are left as they are
     */
    SentencePieceNormalizer(Optional<CharsMap> rules, ByteTrie userDefined, Spaces spaces) {
        this.rules = rules;
        this.userDefined = userDefined;
        this.spaces = spaces;
        this.space = spaces.escapes ? ESCAPED : SPACE;
    }

    /** A normalizer that changes nothing but spaces: they become {@code ▁}, and one may be put before a text. */
    static SentencePieceNormalizer ofSpaces(boolean adds) {
        return new SentencePieceNormalizer(Optional.empty(), ByteTrie.EMPTY, new Spaces(adds, false, true, false));
    }

    Spaces spaces() {
        return spaces;
    }

    /** The UTF-8 of a well-formed text, normalized; {@code first} where a space may be put before it. */
    byte[] normalize(String text, boolean first) {
        Pass pass = new Pass(text.getBytes(UTF_8));
        if (spaces.removesExtra) {
            pass.skipSpaces();
        }
        if (pass.atEnd()) {
            return new byte[0];
        }
        if (spaces.adds && !spaces.asSuffix && first) {
            pass.out.writeBytes(space);
        }
        pass.copy();
        byte[] result = pass.out.toByteArray();
        if (spaces.removesExtra) {
            result = withoutSpacesAtEnd(result);
        }
        return spaces.adds && spaces.asSuffix ? concat(result, space) : result;
    }

    private byte[] withoutSpacesAtEnd(byte[] text) {
        int end = text.length;
        while (end >= space.length && matches(text, end - space.length)) {
            end -= space.length;
        }
        return Arrays.copyOf(text, end);
    }

    private boolean matches(byte[] text, int from) {
        return Arrays.equals(text, from, from + space.length, space, 0, space.length);
    }

    private static byte[] concat(byte[] text, byte[] end) {
        byte[] all = Arrays.copyOf(text, text.length + end.length);
        System.arraycopy(end, 0, all, text.length, end.length);
        return all;
    }

    /** One walk over a text, piece by piece: a user-defined token, what a rule replaces, or a character. */
    private final class Pass {
        private final byte[] in;
        private final ByteArrayOutputStream out;
        private int at;
        private int pieceEnd;
        private Match rule = Match.NONE;

        Pass(byte[] in) {
            this.in = in;
            this.out = new ByteArrayOutputStream(in.length + in.length / 4 + 16);
        }

        boolean atEnd() {
            return at >= in.length;
        }

        void skipSpaces() {
            while (!atEnd()) {
                findPiece();
                if (pieceLength() != 1 || pieceByte(0) != ' ') {
                    return;
                }
                at = pieceEnd;
            }
        }

        void copy() {
            boolean behindSpace = spaces.removesExtra;
            while (!atEnd()) {
                findPiece();
                int length = pieceLength();
                int start = 0;
                while (behindSpace && start < length && pieceByte(start) == ' ') {
                    start++;
                }
                for (int i = start; i < length; i++) {
                    write(pieceByte(i));
                }
                if (start < length) {
                    behindSpace = spaces.removesExtra && pieceByte(length - 1) == ' ';
                }
                at = pieceEnd;
            }
        }

        private void findPiece() {
            rule = Match.NONE;
            pieceEnd = userDefined.longest(in, at);
            if (pieceEnd == at) {
                rule = rules.map(map -> map.find(in, at)).orElse(Match.NONE);
                pieceEnd = at + (rule.length() > 0 ? rule.length() : Unicode.lengthOfUtf8(in, at));
            }
        }

        private int pieceLength() {
            return rule.length() > 0 ? rule.end() - rule.start() : pieceEnd - at;
        }

        private byte pieceByte(int index) {
            return rule.length() > 0 ? rules.orElseThrow().replacement(rule.start() + index) : in[at + index];
        }

        private void write(byte b) {
            if (b == ' ') {
                out.writeBytes(space);
            } else {
                out.write(b);
            }
        }
    }
}
