package org.attention4j.core.mixer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;

/**
 * What a mixer finds around it in a graph.
 *
 * @param builder takes the mixer's ops
 * @param parameters the mixer's own parameters
 * @param position {@code I64[batch]}: how many tokens each sequence has seen before
 * @param lengths {@code I64[batch]}: how many of the given tokens belong to each sequence, the rest being padding at the end;
 *     absent: all of them
 * @param memory {@code F32[batch, memory, hidden]}: what cross-attention looks at; absent in self-attention
 * @param memo see {@link #once}
 */
public record MixContext(
        GraphBuilder builder,
        Parameters parameters,
        Value position,
        Optional<Value> lengths,
        Optional<Value> memory,
        Map<Object, Object> memo) {
    /** A context without padding and memory. */
    public static MixContext of(GraphBuilder builder, Parameters parameters, Value position) {
        return new MixContext(
                builder, parameters, position, Optional.empty(), Optional.empty(), new ConcurrentHashMap<>());
    }

    /** The same for another layer: other parameters, the same memo. */
    public MixContext withParameters(Parameters others) {
        return new MixContext(builder, others, position, lengths, memory, memo);
    }

    /** The same with lengths of padded sequences. */
    public MixContext withLengths(Value values) {
        return new MixContext(builder, parameters, position, Optional.of(values), memory, memo);
    }

    /** The same with something for cross-attention to look at. */
    public MixContext withMemory(Value value) {
        return new MixContext(builder, parameters, position, lengths, Optional.of(value), memo);
    }

    /** Takes positions {@code I64[batch, seq]} in place of those that follow {@link #position}, before anybody asks for them. */
    public void setPositions(Dim seq, Value positions) {
        if (memo.putIfAbsent(positionsKey(seq), positions) != null) {
            throw new IllegalStateException("the positions of %s are settled".formatted(seq));
        }
    }

    private static String positionsKey(Dim seq) {
        return "positions " + seq;
    }

    /** {@code I64[batch, seq]}: the position of each given token. */
    public Value positions(Dim seq) {
        return once(positionsKey(seq), () -> {
            Value offsets = builder.unsqueeze(builder.iota(seq), 0);
            return builder.add(builder.unsqueeze(position, 1), offsets);
        });
    }

    /** x · Wᵀ + b with the parameters {@code name.weight [out, in]} and, if there is one, {@code name.bias [out]}. */
    public Value linear(String name, Value x) {
        Value weight = parameters.get(name + ".weight");
        return parameters
                .find(name + ".bias")
                .map(bias -> builder.apply(new Linear(true), x, weight, bias))
                .orElseGet(() -> builder.apply(new Linear(false), x, weight));
    }

    /**
     * {@code x [batch, seq, …]} with {@code neutral} where a token is padding, for inputs of a recurrence which so leave its
     * state as it is.
     */
    public Value unlessPadding(Value x, double neutral) {
        return lengths.map(n -> {
                    Dim seq = x.type().dim(1);
                    Value real = once("real tokens " + seq, () -> {
                        Value index = builder.unsqueeze(builder.iota(seq), 0);
                        return builder.binary(BinaryKind.LESS, index, builder.unsqueeze(n, 1));
                    });
                    List<Dim> dims = new ArrayList<>(real.type().dims());
                    while (dims.size() < x.type().rank()) {
                        dims.add(Dim.of(1));
                    }
                    return builder.where(
                            builder.reshape(real, dims),
                            x,
                            builder.scalar(x.type().dtype(), neutral));
                })
                .orElse(x);
    }

    /** What {@code make} gives, made once in a graph for each key, and in no layer's scope: what layers share, such as rotary tables. */
    @SuppressWarnings("unchecked")
    public <T> T once(Object key, Supplier<T> make) {
        Object known = memo.get(key);
        if (known == null) {
            known = builder.unscoped(make);
            memo.put(key, known);
        }
        return (T) known;
    }
}
