package org.attention4j.testkit.effective;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.StateSpec;

/**
 * A mixer of an op and nothing else, for one run.
 *
 * @param heads of the values, which are the hidden state
 * @param hidden entries of the hidden state
 * @param writer writes the op
 */
record OneOpMixer(int heads, int hidden, Writer writer) implements SequenceMixer {
    /** Writes an op and returns its result; values and result are {@code [batch, seq, heads, entries]}. */
    @FunctionalInterface
    interface Writer {
        Value write(GraphBuilder b, Value values);
    }

    @Override
    public String name() {
        return "one_op";
    }

    @Override
    public String describe() {
        return "%d heads".formatted(heads);
    }

    @Override
    public StateSpec state() {
        return new StateSpec.None();
    }

    @Override
    public List<Form> forms() {
        return List.of(Form.PARALLEL);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return List.of();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Value values = b.reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(heads), Dim.of((long) hidden / heads));
        return new Mixed(b.reshape(writer.write(b, values), x.type().dims()), List.of());
    }
}
