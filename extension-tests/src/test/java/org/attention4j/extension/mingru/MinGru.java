package org.attention4j.extension.mingru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * minGRU as a layer. Parameters: {@code gate.weight} and {@code candidate.weight [stateSize, hidden]}, {@code out.weight [hidden,
 * stateSize]}. State: {@code hidden [batch, stateSize]}.
 */
final class MinGru implements SequenceMixer {
    private static final int CHUNK_SIZE = 4;

    private final int hiddenSize;
    private final int stateSize;
    private final ImmutableList<Form> forms;

    /** @param reference the form that models are compiled in; the other one comes second */
    MinGru(int hiddenSize, int stateSize, Form reference) {
        this.hiddenSize = hiddenSize;
        this.stateSize = stateSize;
        this.forms = reference == Form.RECURRENT
                ? ImmutableList.of(Form.RECURRENT, Form.CHUNKED)
                : ImmutableList.of(Form.CHUNKED, Form.RECURRENT);
    }

    @Override
    public String name() {
        return "min_gru";
    }

    @Override
    public String describe() {
        return "state of " + stateSize;
    }

    @Override
    public StateSpec state() {
        TensorType type = TensorType.of(DType.F32, Dims.BATCH, Dim.of(stateSize));
        return new StateSpec.Recurrent(ImmutableList.of(Slot.recurrent("hidden", type)));
    }

    @Override
    public List<Form> forms() {
        return forms;
    }

    @Override
    public List<ParameterSpec> parameters() {
        return ImmutableList.of(
                ParameterSpec.of("gate.weight", stateSize, hiddenSize),
                ParameterSpec.of("candidate.weight", stateSize, hiddenSize),
                ParameterSpec.of("out.weight", hiddenSize, stateSize));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Value gate = project(c, "gate", x);
        Value candidate = b.apply(new PositiveActivation(), project(c, "candidate", x));
        Value keep = c.unlessPadding(b.unary(UnaryKind.SIGMOID, b.unary(UnaryKind.NEG, gate)), 1);
        Value fresh = c.unlessPadding(b.mul(b.unary(UnaryKind.SIGMOID, gate), candidate), 0);
        GatedRecurrence recurrence = new GatedRecurrence(CHUNK_SIZE);
        List<Value> in = ImmutableList.of(state.getFirst(), keep, fresh);
        List<Value> run = switch (form) {
            case RECURRENT -> b.call(recurrence, in);
            case CHUNKED -> recurrence.chunks(b, in);
            case PARALLEL -> throw new IllegalArgumentException("min_gru: got form PARALLEL, expected " + forms);
        };
        return new Mixed(project(c, "out", run.get(0)), run.subList(1, 2));
    }

    private static Value project(MixContext c, String name, Value x) {
        return c.builder().apply(new Linear(false), x, c.parameters().get(name + ".weight"));
    }
}
