package org.attention4j.core.external;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * What one run of an external decoder is about.
 *
 * @param tokens {@code I64[1, seq]}
 * @param past tokens seen before
 * @param kept of how many last tokens logits are wanted, 0 for all
 */
public record ExternalFeed(Tensor tokens, long past, long kept) {
    private long seq() {
        return tokens.shape().dim(1);
    }

    /** What an input is to be given. */
    public Tensor of(ExternalInput input) {
        return switch (input.role()) {
            case TOKENS -> filled(input, List.of(1L, seq()), tokens::getLong);
            case TOKEN_TYPES -> filled(input, List.of(1L, seq()), i -> 0);
            case ATTENTION_MASK -> {
                long total = past + seq();
                // A cache of a fixed size is masked where nothing is in it yet.
                long last = input.dims().getLast();
                yield filled(input, List.of(1L, last < 0 ? total : last), i -> i < total ? 1 : 0);
            }
            case POSITIONS -> {
                List<Long> shape = new ArrayList<>(List.of(1L, seq()));
                if (input.dims().size() == 3) {
                    shape.addFirst(input.dims().getFirst());
                }
                yield filled(input, shape, i -> past + i % seq());
            }
            case CACHE_POSITIONS -> filled(input, List.of(seq()), i -> past + i);
            case HAS_PAST -> one(input, past > 0 ? 1 : 0);
            case LOGITS_TO_KEEP -> one(input, kept);
            case PAST_LENGTH -> one(input, past);
            case TOTAL_LENGTH -> one(input, past + seq());
            case LAST_POSITION -> one(input, past + seq() - 1);
        };
    }

    private static Tensor one(ExternalInput input, long value) {
        return filled(input, input.dims().stream().map(d -> 1L).toList(), i -> value);
    }

    private static Tensor filled(ExternalInput input, List<Long> shape, LongUnaryOperator values) {
        DType dtype = input.dtype();
        Shape dims = Shape.of(shape.stream().mapToLong(Long::longValue).toArray());
        Tensor made = Tensor.zeros(dtype, dims);
        try {
            for (long i = 0; i < dims.elements(); i++) {
                long value = values.applyAsLong(i);
                if (dtype.isFloat()) {
                    made.setDouble(i, (double) value);
                } else {
                    made.setLong(i, value);
                }
            }
            return made;
        } catch (RuntimeException e) {
            throw new BackendException(
                    "input %s can't be filled as %s: %s".formatted(input.name(), dtype, e.getMessage()), e);
        }
    }
}
