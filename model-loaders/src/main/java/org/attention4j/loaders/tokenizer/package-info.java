/**
 * Tokenizers from what models ship: the metadata of a GGUF file, a {@code tokenizer.json} or a model of SentencePiece with its
 * neighbours, and the vocabulary files of BERT, RWKV and llama2.c. {@link org.attention4j.loaders.tokenizer.Tokenizers} finds the
 * right one.
 *
 * <p>Vocabularies of pairs and of unigrams are encoded here, because the Hugging Face format can't express them exactly: for
 * example, two pairs that make the same piece have the same rank there and different ones in a list of merges. BERT's vocabularies
 * become a {@code tokenizer.json}, and that is handed to Hugging Face's own library after {@code TokenizerJson} has checked it,
 * since what that library does not expect ends the process.
 */
@NullMarked
package org.attention4j.loaders.tokenizer;

import org.jspecify.annotations.NullMarked;
