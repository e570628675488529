package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * Several mixes of each token with the one before: {@code x + change ⊙ μᵢ}, with {@code change = x_{t−1} − x} (RWKV-5 to 7, arXiv:2404.05892,
 * eq. 13 and arXiv:2503.14456, eq. 3).
 *
 * <p>Inputs: {@code x} and {@code change F32[batch, seq, hidden]}, {@code mu0}, {@code mu1}, … {@code F32[hidden]}. Results: a mix
 * for each μ, of x's type. By its decomposition they are computed at once, which is less work than one after the other where each op
 * costs something of its own.
 *
 * @param count how many mixes
 */
public record TokenMix(int count) implements CompositeOp {
    public TokenMix {
        if (count < 1) {
            throw new IllegalArgumentException("token_mix: %d mixes, expected at least 1".formatted(count));
        }
    }

    @Override
    public String name() {
        return "token_mix";
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(List.of("x", "change"));
        IntStream.range(0, count).forEach(i -> names.add("mu" + i));
        return ImmutableList.copyOf(names);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 3);
        in.require(x.rank() == 3, "x", "F32[batch, seq, hidden]");
        in.exactly("change", x.dtype(), x.dim(0), x.dim(1), x.dim(2));
        for (int i = 0; i < count; i++) {
            in.vector("mu" + i, x.dim(2));
        }
        return Collections.nCopies(count, x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value x = in.get(0);
        Dim hidden = x.type().dim(2);
        Value[] rows = in.subList(2, in.size()).stream()
                .map(mu -> b.reshape(b.toF32(mu), Dim.of(1), hidden))
                .toArray(Value[]::new);
        Value all = b.add(b.unsqueeze(x, 2), b.mul(b.unsqueeze(in.get(1), 2), b.concat(0, rows)));
        long size = x.type().fixedDim(2);
        Value flat = b.reshape(all, x.type().dim(0), x.type().dim(1), Dim.of(count * size));
        return IntStream.range(0, count)
                .mapToObj(i -> b.slice(flat, -1, i * size, (i + 1) * size))
                .toList();
    }
}
