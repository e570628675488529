package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.text.StreamingDecoder;
import org.junit.jupiter.api.Test;

class ApostropheDecoderTest {
    private static String decode(String... pieces) {
        StreamingDecoder decoder = new ApostropheDecoder(new StreamingDecoder() {
            @Override
            public String push(int id) {
                return pieces[id];
            }

            @Override
            public String flush() {
                return "";
            }
        });
        StringBuilder text = new StringBuilder();
        for (int id = 0; id < pieces.length; id++) {
            text.append(decoder.push(id)).append('|');
        }
        return text.append(decoder.flush()).toString();
    }

    @Test
    void closesUpApostrophesThatStandAlone() {
        assertEquals("it||'s|", decode("it", " '", " s"));
        assertEquals("it's||", decode("it ' s", ""));
    }

    @Test
    void leavesOthers() {
        assertEquals("it|| 's|", decode("it", " '", "s"));
        assertEquals("it|'| s|", decode("it", "'", " s"));
    }

    @Test
    void whatIsWithheldComesAtTheEnd() {
        assertEquals("it|| '", decode("it", " '"));
        assertEquals("it|| ", decode("it", " "));
    }

    @Test
    void theCutsDoNotMatter() {
        String text = " ' it ' ' s '  ' x '";
        String whole = decode(text).replace("|", "");
        List<String> characters =
                text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
        assertEquals(whole, decode(characters.toArray(String[]::new)).replace("|", ""));
    }
}
