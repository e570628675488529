package org.attention4j.core.mixer.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * A recurrence that can also be computed by chunks of tokens. {@link #chunks} cuts the sequences, pads the last chunk, lets
 * {@link #prepare} compute what does not need the state, for all chunks at once, loops over {@link #chunk}, and lets
 * {@link #finish} make the outputs of what the chunks gave, again for all at once: the less is left to the loop, the better.
 */
public interface ChunkedRecurrence extends Recurrence {
    /** Tokens in a chunk. */
    int chunkSize();

    /**
     * The value of a padding token in a sequence input: with these a token must leave the states as they are.
     *
     * @param sequence counts the sequence inputs from 0
     */
    double neutral(int sequence);

    /**
     * What the chunks have in common with no state: computed for all of them at once.
     *
     * @param in the sequences {@code [batch, chunks, chunkSize, …]}, then the inputs that are the same for all tokens
     * @return by default the sequences, for the loop
     */
    default Prepared prepare(GraphBuilder b, List<Value> in) {
        return new Prepared(in.subList(0, numSequences()), ImmutableList.of());
    }

    /**
     * What is computed before the loop.
     *
     * @param looped what {@link #chunk} wants, each {@code [batch, chunks, …]}
     * @param kept what {@link #finish} wants
     */
    record Prepared(List<Value> looped, List<Value> kept) {
        public Prepared {
            looped = ImmutableList.copyOf(looped);
            kept = ImmutableList.copyOf(kept);
        }
    }

    /**
     * One chunk.
     *
     * @param in the states, this chunk's part {@code [batch, …]} of what {@link #prepare} gave for the loop, and the inputs
     *     that are the same for all tokens
     * @return the next states, then what {@link #finish} wants of this chunk {@code [batch, …]}; by default the outputs {@code
     *     [batch, chunkSize, …]}
     */
    List<Value> chunk(GraphBuilder b, List<Value> in);

    /**
     * The outputs, of all chunks at once.
     *
     * @param ofChunks what {@link #chunk} gave after the states, each {@code [batch, chunks, …]}
     * @param kept what {@link #prepare} kept for this
     * @return the outputs {@code [batch, chunks, chunkSize, …]}
     */
    default List<Value> finish(GraphBuilder b, List<Value> ofChunks, List<Value> kept) {
        return ofChunks;
    }

    /** The whole op, by chunks: inputs and results as of the op. */
    default List<Value> chunks(GraphBuilder b, List<Value> inputs) {
        int afterSequences = numStates() + numSequences();
        List<Value> states = inputs.subList(0, numStates());
        List<Value> same = inputs.subList(afterSequences, inputs.size());
        Dim seq = inputs.get(numStates()).type().dim(1);
        Dim numChunks = seq.dividedBy(chunkSize());
        List<Value> cut = new ArrayList<>();
        for (int i = 0; i < numSequences(); i++) {
            cut.add(cut(b, inputs.get(numStates() + i), seq, numChunks, neutral(i)));
        }
        cut.addAll(same);
        Prepared prepared = prepare(b, cut);
        int looped = prepared.looped().size();
        List<Value> in = ImmutableList.<Value>builder()
                .addAll(states)
                .addAll(prepared.looped())
                .addAll(same)
                .build();
        List<TensorType> types = IntStream.range(0, in.size())
                .mapToObj(i -> {
                    TensorType type = in.get(i).type();
                    return i >= numStates() && i < numStates() + looped ? type.without(1) : type;
                })
                .toList();
        List<String> names =
                IntStream.range(0, in.size()).mapToObj(i -> "in." + i).toList();
        Graph body = Recurrence.graph(name() + "_chunk", types, names, this::chunk);
        List<Value> out = b.scan(body, numStates(), looped, 1, in);
        ImmutableList.Builder<Value> results = ImmutableList.builder();
        for (Value y : finish(b, out.subList(numStates(), out.size()), prepared.kept())) {
            results.add(join(b, y, seq, numChunks));
        }
        return results.addAll(out.subList(0, numStates())).build();
    }

    /** {@code [batch, seq, …]} as {@code [batch, chunks, chunkSize, …]}, with padding at the end. */
    private Value cut(GraphBuilder b, Value x, Dim seq, Dim numChunks, double neutral) {
        Dim padded = numChunks.times(Dim.of(chunkSize()));
        Value whole = x;
        if (!padded.equals(seq)) {
            List<Dim> missing = new ArrayList<>(x.type().dims());
            missing.set(1, padded.minus(seq));
            whole = b.concat(1, x, b.broadcast(b.scalar(x.type().dtype(), neutral), missing));
        }
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.set(1, numChunks);
        dims.add(2, Dim.of(chunkSize()));
        return b.reshape(whole, dims);
    }

    /** {@code [batch, chunks, chunkSize, …]} as {@code [batch, seq, …]}, without the padding. */
    private Value join(GraphBuilder b, Value x, Dim seq, Dim numChunks) {
        Dim padded = numChunks.times(Dim.of(chunkSize()));
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.remove(2);
        dims.set(1, padded);
        Value whole = b.reshape(x, dims);
        return padded.equals(seq) ? whole : b.gather(whole, b.iota(seq), 1);
    }
}
