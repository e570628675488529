package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.attention4j.loaders.ModelFormatException;

/** How the tokens of a {@code tokenizer.json} spell text: its {@code decoder}, token by token. */
final class TokenSpelling {
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

    private UnaryOperator<String> rewrite = token -> token;
    private boolean byteLevel;
    private boolean byteFallback;
    private boolean dropsFirstSpace;
    private boolean closesApostrophes;

    private TokenSpelling() {}

    /**
     * The spelling that a decoder undoes; without one, words are separated by spaces.
     *
     * @throws ModelFormatException if the decoder is of a kind that can't be undone token by token
     */
    static TokenSpelling of(Optional<JsonView> decoder) {
        TokenSpelling spelling = new TokenSpelling();
        if (decoder.isPresent()) {
            spelling.add(decoder.get());
        } else {
            spelling.then(token -> " " + token);
            spelling.dropsFirstSpace = true;
        }
        return spelling;
    }

    private void add(JsonView decoder) {
        switch (decoder.type()) {
            case "ByteLevel" -> byteLevel = true;
            case "ByteFallback" -> byteFallback = true;
            case "Fuse" -> {}
            case "Sequence" -> decoder.get("decoders").elements().forEach(this::add);
            case "Replace" ->
                replace(
                        decoder.get("pattern").get("String").text(),
                        decoder.get("content").text());
            case "Strip" -> strip(decoder);
            case "Metaspace" -> metaspace(decoder);
            case "WordPiece" -> wordPiece(decoder);
            default ->
                throw decoder.get("type")
                        .bad("ByteLevel, ByteFallback, Fuse, Sequence, Replace, Strip, Metaspace or WordPiece");
        }
    }

    private void then(UnaryOperator<String> next) {
        UnaryOperator<String> before = rewrite;
        rewrite = token -> next.apply(before.apply(token));
    }

    private void replace(String from, String to) {
        if (!from.isEmpty()) {
            then(token -> token.replace(from, to));
        }
    }

    private void strip(JsonView decoder) {
        boolean oneSpace = decoder.get("content").text().equals(" ")
                && decoder.get("start").id() <= 1
                && decoder.get("stop").id() == 0;
        if (!oneSpace) {
            throw decoder.error("strips something else than one space at the start");
        }
        dropsFirstSpace |= decoder.get("start").id() == 1;
    }

    private void metaspace(JsonView decoder) {
        replace(decoder.get("replacement").text(), " ");
        boolean prepends = decoder.find("prepend_scheme")
                .map(scheme -> !scheme.text().equals("never"))
                .orElse(true);
        dropsFirstSpace |= prepends && decoder.flag("add_prefix_space", true);
    }

    private void wordPiece(JsonView decoder) {
        String prefix = decoder.get("prefix").text();
        then(token -> token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token);
        if (decoder.flag("cleanup", true)) {
            then(TokenSpelling::closeUp);
            closesApostrophes = true;
        }
        dropsFirstSpace = true;
    }

    /** Takes the space from before punctuation. */
    private static String closeUp(String token) {
        return token.matches(" ([.?!,]|n't|'m|'s|'ve|'re)") ? token.substring(1) : token;
    }

    /** Whether the space at the very start of a text comes from the tokenizer. */
    boolean dropsFirstSpace() {
        return dropsFirstSpace;
    }

    /** Whether tokens are spelled in the alphabet of bytes. */
    boolean isByteLevel() {
        return byteLevel;
    }

    /** Whether decoding takes the spaces from around apostrophes. */
    boolean closesApostrophes() {
        return closesApostrophes;
    }

    /** The bytes that a token of the model's vocabulary stands for. */
    byte[] bytes(String token) {
        if (byteFallback && BYTE.matcher(token).matches()) {
            return new byte[] {(byte) Integer.parseInt(token, 3, 5, 16)};
        }
        String text = rewrite.apply(token);
        Optional<byte[]> spelled = byteLevel ? ByteAlphabet.bytes(text) : Optional.empty();
        return spelled.orElseGet(() -> text.getBytes(UTF_8));
    }

    /** The bytes that a token beside the model's vocabulary stands for: those of its name where that is not rewritten. */
    byte[] addedBytes(String token) {
        return (byteLevel ? token : rewrite.apply(token)).getBytes(UTF_8);
    }
}
