/**
 * Tokenizers from what models ship: the metadata of a GGUF file, a {@code tokenizer.json} with its neighbours, and the
 * vocabulary files of llama2.c. {@link org.attention4j.loaders.tokenizer.Tokenizers} finds the right one.
 *
 * <p>GGUF and llama2.c vocabularies are encoded here, because their merge order is defined by scores that the Hugging Face
 * format can't express: two pairs that make the same piece have the same rank there and different ones in a list of merges. A
 * {@code tokenizer.json} is handed to Hugging Face's own library after {@code TokenizerJson} has checked it, since what that
 * library does not expect ends the process.
 */
@NullMarked
package org.attention4j.loaders.tokenizer;

import org.jspecify.annotations.NullMarked;
