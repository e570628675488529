package org.attention4j.core.generate;

import java.util.OptionalInt;

/**
 * A piece of generated text.
 *
 * @param token the token that was generated; absent in the last piece, if text was still withheld at the end
 * @param text the text that is certain with this token: whole characters, and none that may belong to a stop string. Often
 *     empty
 */
public record TextChunk(OptionalInt token, String text) {}
