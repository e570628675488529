package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;

/**
 * Tokenizers from RWKV's vocabulary files ({@code rwkv_vocab_v20230424.txt}): one line for each token with its id, its text as a
 * Python literal, and the number of its bytes. The id 0, which no line has, ends a document.
 */
final class RwkvTokenizers {
    private static final int END = 0;
    private static final String END_NAME = "<|endoftext|>";
    private static final int LARGEST_FILE = 1 << 24;
    private static final int LARGEST_ID = 1 << 17;

    private RwkvTokenizers() {}

    /**
     * The tokenizer in a file's bytes.
     *
     * @throws ModelFormatException if they are no such vocabulary
     */
    static Tokenizer of(Path file, MemorySegment bytes) {
        List<byte[]> tokens = read(file, bytes);
        List<String> texts = new ArrayList<>(tokens.size());
        List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(tokens.size(), TokenKind.NORMAL));
        for (byte[] token : tokens) {
            texts.add(PythonLiteral.escape(token));
        }
        texts.set(END, END_NAME);
        kinds.set(END, TokenKind.CONTROL);
        SpecialTokens special = new SpecialTokens(List.of(), List.of(), OptionalInt.empty(), Set.of(END));
        return new RwkvTokenizer(
                new Vocabulary(file, texts, kinds), tokens.toArray(byte[][]::new), Vocabulary.NONE, special);
    }

    private static List<byte[]> read(Path file, MemorySegment bytes) {
        if (bytes.byteSize() > LARGEST_FILE) {
            throw new ModelFormatException(
                    file, "the file has %d bytes, expected at most %d".formatted(bytes.byteSize(), LARGEST_FILE));
        }
        byte[] content = bytes.toArray(ValueLayout.JAVA_BYTE);
        if (!Unicode.isUtf8(ByteBuffer.wrap(content))) {
            throw new ModelFormatException(file, "not valid UTF-8");
        }
        // Not lines(): a line may hold characters that other than a line feed end lines, such as U+0085.
        String[] lines = new String(content, UTF_8).split("\n", -1);
        List<byte[]> tokens = new ArrayList<>();
        tokens.add(new byte[0]);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            if (!line.isEmpty()) {
                readLine(file, i + 1, line, tokens);
            }
        }
        if (tokens.size() == 1) {
            throw new ModelFormatException(file, "vocabulary: it has no tokens");
        }
        return tokens;
    }

    private static void readLine(Path file, int number, String line, List<byte[]> tokens) {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        boolean form = first < last
                && line.substring(0, first).matches("[0-9]{1,7}")
                && line.substring(last + 1).matches("[0-9]{1,7}");
        if (!form) {
            throw new ModelFormatException(
                    file,
                    "line %d is %s, expected an id, a literal and a number of bytes".formatted(number, quote(line)));
        }
        int id = Integer.parseInt(line.substring(0, first));
        byte[] token;
        try {
            token = PythonLiteral.parse(line.substring(first + 1, last));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    file, "line %d has the token %s: %s".formatted(number, quote(line), e.getMessage()), e);
        }
        if (token.length != Integer.parseInt(line.substring(last + 1)) || token.length == 0) {
            throw new ModelFormatException(
                    file,
                    "line %d has a token of %d bytes and says %s"
                            .formatted(number, token.length, line.substring(last + 1)));
        }
        if (id == END || id > LARGEST_ID || (id < tokens.size() && tokens.get(id).length > 0)) {
            throw new ModelFormatException(
                    file,
                    "line %d has the id %d, expected one from 1 to %d that no line before has"
                            .formatted(number, id, LARGEST_ID));
        }
        if (id >= tokens.size()) {
            tokens.addAll(Collections.nCopies(id + 1 - tokens.size(), new byte[0]));
        }
        tokens.set(id, token);
    }

    /** What the tokens of GGUF files stand for, which have the insides of Python's literals as their names. */
    static byte[][] bytes(Path file, Vocabulary vocabulary) {
        byte[][] bytes = new byte[vocabulary.size()][];
        Arrays.setAll(bytes, id -> {
            if (vocabulary.kind(id) != TokenKind.NORMAL) {
                return vocabulary.text(id).getBytes(UTF_8);
            }
            try {
                return PythonLiteral.unescape(vocabulary.text(id));
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(
                        file, "token %d is %s: %s".formatted(id, quote(vocabulary.text(id)), e.getMessage()), e);
            }
        });
        return bytes;
    }
}
