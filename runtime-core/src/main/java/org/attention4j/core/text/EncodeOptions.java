package org.attention4j.core.text;

/**
 * How text becomes ids.
 *
 * @param addSpecial whether the tokens that the model expects around a text (beginning and end of sequence) are added, as the
 *     model's configuration says
 * @param parseSpecial whether the names of special tokens in the text, such as {@code <|im_start|>}, become those tokens.
 *     True is right for text that a chat template made; false for text from elsewhere, which could otherwise forge a turn
 */
public record EncodeOptions(boolean addSpecial, boolean parseSpecial) {
    /** The start of a sequence: special tokens are added around the text and never read from it. */
    public static final EncodeOptions PROMPT = new EncodeOptions(true, false);

    /** Text alone: special tokens are neither added nor read. */
    public static final EncodeOptions TEXT = new EncodeOptions(false, false);

    /** The output of a chat template: it spells its special tokens, so none is added. */
    public static final EncodeOptions TEMPLATE = new EncodeOptions(false, true);
}
