package org.attention4j.cli.verify;

import java.util.Arrays;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** The ways to give a session the same tokens, which must all give the same logits. */
enum Feed {
    AT_ONCE("at once") {
        @Override
        int size(int piece, int left) {
            return left;
        }
    },
    UNEVEN_CHUNKS("in uneven chunks") {
        private static final int[] SIZES = {1, 3, 2, 7, 5};

        @Override
        int size(int piece, int left) {
            return Math.min(left, SIZES[piece % SIZES.length]);
        }
    },
    TOKEN_BY_TOKEN("token by token") {
        @Override
        int size(int piece, int left) {
            return 1;
        }
    };

    private final String words;

    Feed(String words) {
        this.words = words;
    }

    abstract int size(int piece, int left);

    /** Gives the tokens; returns the logits after each, {@code F32[tokens, vocabSize]}. */
    Tensor score(Session session, int... tokens) {
        int vocabSize = session.model().definition().info().vocabSize();
        Tensor all = Tensor.zeros(DType.F32, Shape.of(tokens.length, vocabSize));
        long offset = 0;
        int start = 0;
        for (int piece = 0; start < tokens.length; piece++) {
            int n = size(piece, tokens.length - start);
            int[] part = Arrays.copyOfRange(tokens, start, start + n);
            // One token goes the way that generation takes.
            Tensor logits = n == 1 ? session.decode(part[0]) : session.score(part);
            all.data().asSlice(offset).copyFrom(logits.data());
            offset += logits.data().byteSize();
            start += n;
        }
        return all;
    }

    @Override
    public String toString() {
        return words;
    }
}
