package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencePieceModelTest {
    private static final Path NAME = Path.of("tokenizer.model");
    private static final int UNKNOWN = 2;

    /** Writes the fields of a message. */
    @FunctionalInterface
    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] piece(String text, float score, int type) {
        return message(out -> {
            out.writeString(1, text);
            out.writeFloat(2, score);
            out.writeEnum(3, type);
        });
    }

    private static byte[] model(Fields more) {
        return message(out -> {
            out.writeByteArray(1, piece("<unk>", 0, UNKNOWN));
            out.writeByteArray(1, piece("a", -1, 1));
            more.write(out);
        });
    }

    private static SentencePieceModel read(byte[] bytes) {
        return SentencePieceModel.of(NAME, MemorySegment.ofArray(bytes));
    }

    @Test
    void readsWhatAModelSays() {
        SentencePieceModel model = read(model(out -> {
            out.writeByteArray(1, message(piece -> piece.writeString(1, "b")));
            out.writeByteArray(2, message(trainer -> {
                trainer.writeEnum(3, 2);
                trainer.writeBool(24, true);
                trainer.writeBool(35, true);
                trainer.writeString(46, "<bos>");
                trainer.writeString(9, "a field that is skipped");
            }));
            out.writeByteArray(3, message(normalizer -> normalizer.writeBool(4, false)));
            out.writeByteArray(4, new byte[] {10, 0});
        }));
        assertEquals(List.of("<unk>", "a", "b"), model.texts());
        assertEquals(List.of(TokenKind.UNKNOWN, TokenKind.NORMAL, TokenKind.NORMAL), model.kinds());
        assertArrayEquals(new float[] {0, -1, 0}, model.scores());
        assertEquals(SentencePieceModel.Algorithm.BPE, model.algorithm());
        assertEquals(new SentencePieceNormalizer.Spaces(true, false, true, true), model.spaces());
        assertEquals("<bos>", model.bos());
        assertEquals("</s>", model.eos());
        assertEquals(
                SentencePieceModel.Algorithm.UNIGRAM, read(model(out -> {})).algorithm());
    }

    @Test
    void refusesBrokenPieces() {
        assertRefused(() -> read(new byte[0]), "tokenizer.model", "0 tokens of type unknown, expected one");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(1, piece("<u>", 0, UNKNOWN)))),
                "2 tokens of type unknown, expected one");
        assertRefused(() -> read(model(out -> out.writeByteArray(1, new byte[0]))), "token 2 has no text");
        assertRefused(() -> read(model(out -> out.writeByteArray(1, piece("b", 0, 9)))), "token 2", "type 9", "1 to 6");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(1, piece("b", Float.NaN, 1)))), "token 2", "score NaN");
        assertRefused(() -> read(model(out -> out.writeByteArray(1, piece("b", 0, 6)))), "token 2", "'b'", "byte");
        assertRefused(() -> read(model(out -> out.writeByteArray(1, piece("<0x41>", 0, 6)))), "byte_fallback");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(1, new byte[] {10, 1, (byte) 0xff}))), "not valid UTF-8");
    }

    @Test
    void refusesKindsOfModelsThatItDoesNotKnow() {
        assertRefused(
                () -> read(model(out -> out.writeByteArray(2, message(trainer -> trainer.writeEnum(3, 3))))),
                "cuts texts at words, expected a unigram or BPE model");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(2, message(trainer -> trainer.writeEnum(3, 4))))),
                "characters");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(2, message(trainer -> trainer.writeEnum(3, 7))))),
                "type 7, expected 1 to 4");
        assertRefused(
                () -> read(model(out -> out.writeByteArray(5, message(rules -> rules.writeByteArray(2, new byte[9]))))),
                "rules for decoded text");
    }

    @Test
    void refusesBrokenRules() {
        SentencePieceModel model = read(model(out ->
                out.writeByteArray(3, message(rules -> rules.writeByteArray(2, new byte[] {8, 0, 0, 0})))));
        assertRefused(model::rules, "'precompiled_charsmap'", "a trie of 8 bytes, but has 0");
    }

    @Test
    void refusesWhatIsNoModel() {
        assertRefused(() -> read("IQ== 0\nIg== 1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertRefused(() -> read(new byte[] {10, (byte) 0xff, (byte) 0xff, 0x7f}), "not a SentencePiece model");
        assertRefused(() -> read(new byte[] {10, 2, 10}), "not a SentencePiece model");
        assertRefused(
                () -> SentencePieceModel.of(NAME, MemorySegment.ofArray(new byte[(1 << 24) + 1])), "at most 16777216");
    }

    @Test
    void brokenBitsAreReadOrRefused() {
        byte[] valid = model(out -> out.writeByteArray(2, message(trainer -> trainer.writeBool(35, true))));
        assertMutationsReadOrRefused(valid, SentencePieceModelTest::read);
    }
}
