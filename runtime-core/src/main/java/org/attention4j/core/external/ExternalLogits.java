package org.attention4j.core.external;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The logits that a run of a decoder is asked for.
 *
 * @param decoder which may tell those of all tokens, of the last ones if it takes their number, or of the last one alone
 * @param seq the tokens of the run
 * @param rows of which of them logits are wanted
 */
public record ExternalLogits(ExternalDecoder decoder, long seq, Tensor rows) {
    /** Of how many last tokens logits are to be computed, 0 for all. */
    public long kept() {
        boolean last = rows.shape().elements() == 1 && rows.getLong(0) == seq - 1;
        boolean canChoose = decoder.inputs().stream().anyMatch(i -> i.role() == ExternalInput.Role.LOGITS_TO_KEEP);
        return last && canChoose ? 1 : 0;
    }

    /** {@code F32[1, rows, vocabSize]} from what the decoder gave. */
    public Tensor of(Tensor given) {
        Shape shape = given.shape();
        long vocab = decoder.vocabSize();
        if (shape.rank() == 0 || shape.dim(-1) != vocab || !given.dtype().isFloat()) {
            throw new BackendException(
                    "%s: the logits are %s, expected %d for each token".formatted(decoder.file(), given, vocab));
        }
        long count = shape.elements() / vocab;
        Tensor all = given.reshape(Shape.of(count, vocab));
        Tensor out = Tensor.zeros(DType.F32, Shape.of(1, rows.shape().elements(), vocab));
        for (long r = 0; r < rows.shape().elements(); r++) {
            // What there is are the last ones.
            long row = rows.getLong(r) - (seq - count);
            if (row < 0) {
                throw new BackendException(
                        "%s: it gives logits of the last %d of %d tokens, but those of token %d are wanted"
                                .formatted(decoder.file(), count, seq, rows.getLong(r)));
            }
            copy(all, row * vocab, out, r * vocab, vocab);
        }
        return out;
    }

    private static void copy(Tensor from, long fromAt, Tensor to, long toAt, long n) {
        if (from.dtype() == DType.F32) {
            MemorySegment.copy(from.data(), fromAt * Float.BYTES, to.data(), toAt * Float.BYTES, n * Float.BYTES);
            return;
        }
        for (long i = 0; i < n; i++) {
            to.setDouble(toAt + i, from.getDouble(fromAt + i));
        }
    }
}
