package org.attention4j.core.mixer.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * A composite that is a recurrence over the sequence; its meaning is a loop of {@link #step}.
 *
 * <p>Inputs, in order: {@link #numStates} states {@code [batch, …]}, {@link #numSequences} sequences {@code [batch, seq, …]},
 * and values that are the same for all tokens. Results: first the outputs {@code [batch, seq, …]}, then the states after the
 * last token, of unchanged types.
 */
public interface Recurrence extends CompositeOp {
    /** How many of the inputs are states: the first ones. */
    int numStates();

    /** How many inputs after the states run along the sequence. */
    int numSequences();

    /**
     * One token.
     *
     * @param in the states, what this token has of each sequence {@code [batch, …]}, and the other inputs
     * @return the next states, then the outputs {@code [batch, …]}
     */
    List<Value> step(GraphBuilder b, List<Value> in);

    @Override
    default List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        int perToken = numStates() + numSequences();
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorType type = inputs.get(i).type();
            types.add(i >= numStates() && i < perToken ? type.without(1) : type);
        }
        Graph body = graph(name() + "_step", types, inputNames(), this::step);
        List<Value> out = b.scan(body, numStates(), numSequences(), 1, inputs);
        return Results.outputsFirst(out, numStates());
    }

    /**
     * One token of a sequence of one, without a loop: inputs and results as of the whole op.
     *
     * @param inputs as of the op, with sequences of one token
     */
    default List<Value> single(GraphBuilder b, List<Value> inputs) {
        List<Value> in = new ArrayList<>(inputs);
        for (int i = numStates(); i < numStates() + numSequences(); i++) {
            Value x = inputs.get(i);
            in.set(i, b.reshape(x, x.type().without(1).dims()));
        }
        List<Value> out = new ArrayList<>(step(b, in));
        Dim seq = inputs.get(numStates()).type().dim(1);
        for (int i = numStates(); i < out.size(); i++) {
            List<Dim> dims = new ArrayList<>(out.get(i).type().dims());
            dims.add(1, seq);
            out.set(i, b.reshape(out.get(i), dims));
        }
        return Results.outputsFirst(out, numStates());
    }

    /** A body of a loop, from what writes it. */
    static Graph graph(String name, List<TensorType> types, List<String> names, Body body) {
        GraphBuilder b = new GraphBuilder(name);
        ImmutableList.Builder<Value> in = ImmutableList.builder();
        for (int i = 0; i < types.size(); i++) {
            in.add(b.input(names.get(i), types.get(i)));
        }
        List<Value> out = body.write(b, in.build());
        for (int i = 0; i < out.size(); i++) {
            b.result("result." + i, out.get(i));
        }
        return b.build();
    }

    /** Writes the ops of a body and returns its results. */
    @FunctionalInterface
    interface Body {
        /** Appends ops to {@code b} that compute the results from {@code in}. */
        List<Value> write(GraphBuilder b, List<Value> in);
    }
}
