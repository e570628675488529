package org.attention4j;

import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.tokenizer.Tokenizers;

/** A checkpoint's tokenizer, read when it is first needed: reading a large vocabulary takes a while, and token ids need none. */
final class LazyTokenizer {
    private final Checkpoint checkpoint;
    private final int vocabSize;
    private Optional<Tokenizer> known = Optional.empty();

    LazyTokenizer(Checkpoint checkpoint, int vocabSize) {
        this.checkpoint = checkpoint;
        this.vocabSize = vocabSize;
    }

    synchronized Tokenizer get() {
        if (known.isEmpty()) {
            Tokenizer tokenizer = Tokenizers.of(checkpoint)
                    .orElseThrow(() -> new ModelFormatException(
                            checkpoint.path(),
                            "the model has no tokenizer, expected one or token ids instead of text"));
            try {
                tokenizer.requireFits(vocabSize);
            } catch (IllegalArgumentException e) {
                tokenizer.close();
                throw new ModelFormatException(checkpoint.path(), String.valueOf(e.getMessage()), e);
            }
            known = Optional.of(tokenizer);
        }
        return known.get();
    }

    synchronized void close() {
        known.ifPresent(Tokenizer::close);
        known = Optional.empty();
    }
}
