package org.attention4j;

import java.nio.file.Path;
import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.tokenizer.Tokenizers;

/** A checkpoint's tokenizer, read when it is first needed: reading a large vocabulary takes a while, and token ids need none. */
final class LazyTokenizer {
    private final Checkpoint checkpoint;
    private final Optional<Path> file;
    private final int vocabSize;
    private Optional<Tokenizer> known = Optional.empty();

    /** A tokenizer from a file or directory of the caller's choice or, without one, the checkpoint's own. */
    LazyTokenizer(Checkpoint checkpoint, Optional<Path> file, int vocabSize) {
        this.checkpoint = checkpoint;
        this.file = file;
        this.vocabSize = vocabSize;
    }

    synchronized Tokenizer get() {
        if (known.isEmpty()) {
            Tokenizer tokenizer = file.map(Tokenizers::open)
                    .orElseGet(() -> Tokenizers.of(checkpoint).orElseThrow(this::missing));
            try {
                tokenizer.requireFits(vocabSize);
            } catch (IllegalArgumentException e) {
                tokenizer.close();
                throw unfit(e);
            }
            known = Optional.of(tokenizer);
        }
        return known.get();
    }

    /** What the tokenizer looks like from outside; it is not read for that, at most in part. */
    TokenizerInfo info() {
        TokenizerInfo info = file.map(Tokenizers::info)
                .orElseGet(() -> Tokenizers.info(checkpoint).orElseThrow(this::missing));
        try {
            info.requireFits(vocabSize);
        } catch (IllegalArgumentException e) {
            throw unfit(e);
        }
        return info;
    }

    private ModelFormatException missing() {
        return new ModelFormatException(
                checkpoint.path(), "the model has no tokenizer, expected one or token ids instead of text");
    }

    private ModelFormatException unfit(IllegalArgumentException e) {
        return new ModelFormatException(file.orElse(checkpoint.path()), String.valueOf(e.getMessage()), e);
    }

    synchronized void close() {
        known.ifPresent(Tokenizer::close);
        known = Optional.empty();
    }
}
