package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.junit.jupiter.api.Test;

class RwkvTokenizersTest {
    private static final Path NAME = Path.of("rwkv_vocab.txt");
    private static final String SMALL = "1 'a' 1\n2 'ab' 2\n3 b'\\xc3' 1\n5 b'b\\xc3' 2\r\n6 ' ' 1\n7 'b' 1\n";

    private static Tokenizer read(byte[] bytes) {
        return RwkvTokenizers.of(NAME, MemorySegment.ofArray(bytes));
    }

    private static Tokenizer read(String vocabulary) {
        return read(vocabulary.getBytes(UTF_8));
    }

    /** All bytes and some of what they make. */
    private static String vocabulary() {
        StringBuilder lines = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            lines.append("%d b'\\x%02x' 1\n".formatted(b + 1, b));
        }
        return lines + "257 'ab' 2\n258 ' a' 2\n259 b'a\\xc3' 2\n260 '中' 3\n261 '\\n\\n' 2\n";
    }

    @Test
    void takesTheLongestToken() {
        Tokenizer tokenizer = read(SMALL);
        assertArrayEquals(new int[] {2, 1, 6, 7}, tokenizer.encode("aba b", true));
        assertArrayEquals(new int[] {1, 5, 3}, new int[] {tokenizer.encode("a", false)[0], 5, 3});
        assertEquals("aba b", tokenizer.decode(2, 1, 6, 7));
        assertEquals(8, tokenizer.vocabSize());
        assertEquals("b\\xc3", tokenizer.tokenText(5));
        assertEquals("", tokenizer.tokenText(4));
    }

    @Test
    void aByteWithoutATokenIsAnError() {
        Tokenizer tokenizer = read(SMALL);
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("é", false));
    }

    @Test
    void anyTextComesBack() {
        Tokenizer tokenizer = read(vocabulary());
        Random random = new Random(5);
        for (int round = 0; round < 10_000; round++) {
            String text = TokenizerSamples.randomText(random, 40);
            int[] ids = tokenizer.encode(text, true);
            assertEquals(text, tokenizer.decode(ids));
            assertEquals(text, TokenizerSamples.stream(tokenizer.newDecoder(), ids));
        }
    }

    @Test
    void theIdZeroEndsADocument() {
        Tokenizer tokenizer = read(SMALL);
        assertEquals(Set.of(0), tokenizer.endIds());
        assertEquals(OptionalInt.empty(), tokenizer.bosId());
        assertEquals("a", tokenizer.decode(1, 0));
        assertArrayEquals(new int[] {1, 0}, tokenizer.encode("a<|endoftext|>", EncodeOptions.TEMPLATE));
    }

    @Test
    void ggufFilesNameTheSameTokens() {
        Tokenizer text = read(vocabulary());
        List<String> tokens = new ArrayList<>(List.of("<s>"));
        List<Long> types = new ArrayList<>(List.of(3L));
        for (int id = 1; id < text.vocabSize(); id++) {
            tokens.add(text.tokenText(id));
            types.add(1L);
        }
        tokens.add("[PAD262]");
        types.add(5L);
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of(
                "model",
                "rwkv",
                "tokens",
                tokens,
                "token_type",
                types,
                "bos_token_id",
                0L,
                "eos_token_id",
                0L,
                "eot_token_id",
                261L));
        Tokenizer gguf = TokenizerSamples.tokenizer(metadata);
        assertEquals(Set.of(0, 261), gguf.endIds());
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            String random40 = TokenizerSamples.randomText(random, 40) + "<s>[PAD262]";
            assertArrayEquals(text.encode(random40, true), gguf.encode(random40, true));
        }
        assertEquals("<s>", gguf.decode(new int[] {0}, false));
        tokens.set(1, "\\q");
        assertRefused(() -> TokenizerSamples.tokenizer(metadata), "token 1", "'\\q'", "not known");
    }

    @Test
    void refusesBrokenVocabularies() {
        assertRefused(() -> read(""), "rwkv_vocab.txt", "no tokens");
        assertRefused(() -> read("1 'a'"), "line 1", "expected an id, a literal and a number");
        assertRefused(() -> read("x 'a' 1"), "line 1");
        assertRefused(() -> read("1 a 1"), "line 1", "quotes");
        assertRefused(() -> read("\n1 'a' 2"), "line 2", "1 bytes and says 2");
        assertRefused(() -> read("1 '' 0"), "line 1", "0 bytes");
        assertRefused(() -> read("0 'a' 1"), "line 1", "the id 0", "1 to 131072");
        assertRefused(() -> read("9999999 'a' 1"), "the id 9999999");
        assertRefused(() -> read("1 'a' 1\n1 'b' 1"), "line 2", "the id 1");
        assertRefused(() -> read("1 'a' 1\n2 'a' 1"), "tokens 1 and 2", "'a'");
        assertRefused(() -> read(new byte[] {'1', (byte) 0xff}), "UTF-8");
        assertRefused(() -> read(new byte[(1 << 24) + 1]), "at most 16777216");
    }

    @Test
    void brokenBitsAreReadOrRefused() {
        assertMutationsReadOrRefused(SMALL.getBytes(UTF_8), RwkvTokenizersTest::read);
    }
}
