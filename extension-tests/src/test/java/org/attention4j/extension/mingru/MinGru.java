package org.attention4j.extension.mingru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
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
    private final int hiddenSize;
    private final int stateSize;
    private final ImmutableList<Form> forms;

    /** @param reference the form that models are compiled in; the other one comes second */
    MinGru(int hiddenSize, int stateSize, Form reference) {
        this.hiddenSize = hiddenSize;
        this.stateSize = stateSize;
        this.forms = reference == Form.RECURRENT
                ? ImmutableList.of(Form.RECURRENT, Form.PARALLEL)
                : ImmutableList.of(Form.PARALLEL, Form.RECURRENT);
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
        Value keep = unlessPadding(c, b.unary(UnaryKind.SIGMOID, b.unary(UnaryKind.NEG, gate)), 1);
        Value fresh = unlessPadding(c, b.mul(b.unary(UnaryKind.SIGMOID, gate), candidate), 0);
        List<Value> run = switch (form) {
            case RECURRENT -> b.call(new GatedRecurrence(), ImmutableList.of(state.getFirst(), keep, fresh));
            case PARALLEL -> parallel(b, state.getFirst(), keep, fresh);
            case CHUNKED -> throw new IllegalArgumentException("min_gru: got form CHUNKED, expected " + forms);
        };
        return new Mixed(project(c, "out", run.get(0)), run.subList(1, 2));
    }

    private static Value project(MixContext c, String name, Value x) {
        return c.builder().apply(new Linear(false), x, c.parameters().get(name + ".weight"));
    }

    /** {@code x [batch, seq, stateSize]} with {@code neutral} where a token is padding, so that the state stays as it is. */
    private static Value unlessPadding(MixContext c, Value x, double neutral) {
        GraphBuilder b = c.builder();
        return c.lengths()
                .map(n -> {
                    Value index = b.unsqueeze(b.iota(x.type().dim(1)), 0);
                    Value real = b.binary(BinaryKind.LESS, index, b.unsqueeze(n, 1));
                    return b.where(b.unsqueeze(real, -1), x, b.scalar(DType.F32, neutral));
                })
                .orElse(x);
    }

    /** Both results of {@link GatedRecurrence}, by the triangular matrices of decays. */
    private static List<Value> parallel(GraphBuilder b, Value before, Value keep, Value fresh) {
        Dim seq = keep.type().dim(1);
        Value logs = b.cumSum(b.transpose(b.unary(UnaryKind.LOG, keep), 0, 2, 1), -1, false, false);
        Value index = b.iota(seq);
        Value seen = b.binary(BinaryKind.LESS_EQUAL, b.unsqueeze(index, 0), b.unsqueeze(index, 1));
        Value between = b.sub(b.unsqueeze(logs, -1), b.unsqueeze(logs, -2));
        Value masked = b.where(seen, between, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
        Value sums = b.matMul(b.unary(UnaryKind.EXP, masked), b.unsqueeze(b.transpose(fresh, 0, 2, 1), -1));
        Value fromBefore = b.mul(b.unary(UnaryKind.EXP, logs), b.unsqueeze(before, -1));
        Value all = b.add(b.reshape(sums, logs.type().dims()), fromBefore);
        Value last = b.gather(all, b.sub(b.sizeOf(seq), b.scalar(DType.I64, 1)), -1);
        return ImmutableList.of(b.transpose(all, 0, 2, 1), last);
    }
}
