package org.attention4j.loaders.tokenizer;

import org.attention4j.core.text.StreamingDecoder;

/**
 * Takes the spaces from around apostrophes that stand alone: the last step of transformers' clean-up of decoded text, for
 * vocabularies that cut words at punctuation. {@code it ' s} becomes {@code it's}.
 */
final class ApostropheDecoder implements StreamingDecoder {
    private static final String SPACED = " ' ";

    private final StreamingDecoder decoder;
    private String withheld = "";

    ApostropheDecoder(StreamingDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public String push(int id) {
        String text = close(withheld + decoder.push(id));
        int shown = text.length();
        for (int length = Math.min(SPACED.length() - 1, text.length()); length > 0; length--) {
            if (SPACED.startsWith(text.substring(text.length() - length))) {
                shown -= length;
                break;
            }
        }
        withheld = text.substring(shown);
        return text.substring(0, shown);
    }

    @Override
    public String flush() {
        String text = close(withheld + decoder.flush());
        withheld = "";
        return text;
    }

    private static String close(String text) {
        return text.replace(SPACED, "'");
    }
}
