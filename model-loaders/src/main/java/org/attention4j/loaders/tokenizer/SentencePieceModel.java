package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.ModelFormatException.quote;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.attention4j.loaders.ModelFormatException;

/**
 * The file that SentencePiece trains, {@code tokenizer.model} or {@code spiece.model}: the message {@code ModelProto} of
 * <a href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">sentencepiece_model.proto</a>.
 * Fields that say how it was trained are skipped.
 */
final class SentencePieceModel {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int LARGEST_FILE = 1 << 24;

    /** How a text is cut. */
    enum Algorithm {
        UNIGRAM,
        BPE
    }

    /** Reads a field if it knows it. */
    @FunctionalInterface
    private interface Field {
        boolean read(int tag, CodedInputStream in) throws IOException;
    }

    private final Path file;
    private final List<String> texts = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private Algorithm algorithm = Algorithm.UNIGRAM;
    private boolean byteFallback;
    private boolean spaceAsSuffix;
    private boolean addsSpace = true;
    private boolean removesExtraSpaces = true;
    private boolean escapesSpaces = true;
    private byte[] charsMap = {};
    private byte[] denormalizer = {};
    private String bos = "<s>";
    private String eos = "</s>";

    private SentencePieceModel(Path file) {
        this.file = file;
    }

    /**
     * Reads a model.
     *
     * @throws ModelFormatException if the bytes are not one
     */
    static SentencePieceModel of(Path file, MemorySegment bytes) {
        if (bytes.byteSize() > LARGEST_FILE) {
            throw new ModelFormatException(
                    file, "the file has %d bytes, expected at most %d".formatted(bytes.byteSize(), LARGEST_FILE));
        }
        SentencePieceModel model = new SentencePieceModel(file);
        try {
            fields(CodedInputStream.newInstance(bytes.asByteBuffer()), model::modelField);
        } catch (IOException e) {
            throw new ModelFormatException(file, "not a SentencePiece model: " + e.getMessage(), e);
        }
        model.check();
        return model;
    }

    private static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(tag, in)) {
                in.skipField(tag);
            }
        }
    }

    private static boolean message(CodedInputStream in, Field field) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        fields(in, field);
        in.popLimit(limit);
        return true;
    }

    private boolean modelField(int tag, CodedInputStream in) throws IOException {
        return switch (tag) {
            case 1 << 3 | BYTES -> piece(in);
            case 2 << 3 | BYTES -> message(in, this::trainerField);
            case 3 << 3 | BYTES -> message(in, this::normalizerField);
            case 5 << 3 | BYTES -> message(in, this::denormalizerField);
            default -> false;
        };
    }

    private boolean piece(CodedInputStream in) throws IOException {
        texts.add("");
        scores.add(0f);
        kinds.add(TokenKind.NORMAL);
        message(in, this::pieceField);
        // Without this, two bytes of a file could take up a hundred of memory.
        if (texts.getLast().isEmpty()) {
            throw new ModelFormatException(file, "token %d has no text".formatted(texts.size() - 1));
        }
        return true;
    }

    private boolean pieceField(int tag, CodedInputStream in) throws IOException {
        int id = texts.size() - 1;
        switch (tag) {
            case 1 << 3 | BYTES -> texts.set(id, text(in));
            case 2 << 3 | FIXED32 -> scores.set(id, in.readFloat());
            case 3 << 3 | VARINT -> kinds.set(id, kind(id, in.readEnum()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean trainerField(int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case 3 << 3 | VARINT -> algorithm = algorithm(in.readEnum());
            case 24 << 3 | VARINT -> spaceAsSuffix = in.readBool();
            case 35 << 3 | VARINT -> byteFallback = in.readBool();
            case 46 << 3 | BYTES -> bos = text(in);
            case 47 << 3 | BYTES -> eos = text(in);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean normalizerField(int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case 2 << 3 | BYTES -> charsMap = in.readByteArray();
            case 3 << 3 | VARINT -> addsSpace = in.readBool();
            case 4 << 3 | VARINT -> removesExtraSpaces = in.readBool();
            case 5 << 3 | VARINT -> escapesSpaces = in.readBool();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean denormalizerField(int tag, CodedInputStream in) throws IOException {
        if (tag == (2 << 3 | BYTES)) {
            denormalizer = in.readByteArray();
            return true;
        }
        return false;
    }

    private String text(CodedInputStream in) throws IOException {
        byte[] bytes = in.readByteArray();
        if (!Unicode.isUtf8(ByteBuffer.wrap(bytes))) {
            throw new ModelFormatException(file, "holds text that is not valid UTF-8");
        }
        return new String(bytes, UTF_8);
    }

    private TokenKind kind(int id, int number) {
        return TokenKind.ofGguf(number)
                .filter(kind -> number > 0)
                .orElseThrow(() -> new ModelFormatException(
                        file, "token %d is of type %d, expected 1 to 6".formatted(id, number)));
    }

    private Algorithm algorithm(int number) {
        return switch (number) {
            case 1 -> Algorithm.UNIGRAM;
            case 2 -> Algorithm.BPE;
            case 3, 4 ->
                throw new ModelFormatException(
                        file,
                        "the model cuts texts at %s, expected a unigram or BPE model"
                                .formatted(number == 3 ? "words" : "characters"));
            default ->
                throw new ModelFormatException(file, "the model is of type %d, expected 1 to 4".formatted(number));
        };
    }

    private void check() {
        if (denormalizer.length > 0) {
            throw new ModelFormatException(file, "the model has rules for decoded text, which are not supported");
        }
        for (int id = 0; id < texts.size(); id++) {
            if (Float.isNaN(scores.get(id))) {
                throw new ModelFormatException(file, "token %d has the score NaN, expected a number".formatted(id));
            }
            if (kinds.get(id) == TokenKind.BYTE && (!byteFallback || ByteFallback.byteOf(texts.get(id)) < 0)) {
                throw new ModelFormatException(
                        file,
                        "token %d is of type byte and named %s, expected <0x00> to <0xFF> and byte_fallback"
                                .formatted(id, quote(texts.get(id))));
            }
        }
        if (Collections.frequency(kinds, TokenKind.UNKNOWN) != 1) {
            throw new ModelFormatException(
                    file,
                    "%d tokens of type unknown, expected one"
                            .formatted(Collections.frequency(kinds, TokenKind.UNKNOWN)));
        }
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** The pieces' texts by id. */
    List<String> texts() {
        return texts;
    }

    /** The pieces' kinds by id. */
    List<TokenKind> kinds() {
        return kinds;
    }

    /** The pieces' scores by id. */
    float[] scores() {
        float[] byId = new float[scores.size()];
        for (int id = 0; id < byId.length; id++) {
            byId[id] = scores.get(id);
        }
        return byId;
    }

    /** What the model does to text before it cuts it, but for rules. */
    SentencePieceNormalizer.Spaces spaces() {
        return new SentencePieceNormalizer.Spaces(addsSpace, removesExtraSpaces, escapesSpaces, spaceAsSuffix);
    }

    /** The rules by which characters are replaced. */
    Optional<CharsMap> rules() {
        return charsMap.length == 0
                ? Optional.empty()
                : Optional.of(CharsMap.of(
                        charsMap, detail -> new ModelFormatException(file, "'precompiled_charsmap' " + detail)));
    }

    /** The name of the token that begins a sequence. */
    String bos() {
        return bos;
    }

    /** The name of the token that ends one. */
    String eos() {
        return eos;
    }
}
