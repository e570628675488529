package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.tensor.DType;

/**
 * Attention by products of features that are not negative (Katharopoulos et al. 2020, arXiv:2006.16236, eqs. 5 and 16–20):
 *
 * <pre>
 *   y_t = Σ_s (q_t·k_s) v_s / (Σ_s q_t·k_s + eps)
 * </pre>
 *
 * over all tokens, or over those up to t, with S = Σ k_s v_sᵀ and z = Σ k_s as state.
 *
 * <p>Inputs, all F32: if causal {@code state [batch, heads, features, valueDim]} and {@code normalizer [batch, heads,
 * features]}; {@code query} and {@code key [batch, seq, heads, features]}, {@code value [batch, seq, heads, valueDim]}. Results: y,
 * of value's type, and if causal the next state and normalizer.
 *
 * @param causal whether a token sees only itself and earlier ones
 * @param eps added to the denominator
 */
public record KernelAttention(boolean causal, double eps) implements ValueMixing {
    @Override
    public String name() {
        return "kernel_attention";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        if (causal) {
            names.add("state", "normalizer");
        }
        return names.add("query", "key", "value").build();
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("value", 1, MixedValues.Mixing.BY_HEAD, true));
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType q = in.activation("query", 4);
        in.require(q.rank() == 4, "query", "F32[batch, seq, heads, features]");
        in.exactly("key", DType.F32, q.dim(0), q.dim(1), q.dim(2), q.dim(3));
        TensorType value = in.activation("value", 4);
        in.require(
                value.without(3).equals(q.without(3)),
                "value",
                "F32[%s, %s, %s, valueDim]".formatted(q.dim(0), q.dim(1), q.dim(2)));
        if (!causal) {
            return ImmutableList.of(value);
        }
        TensorType state = in.exactly("state", DType.F32, q.dim(0), q.dim(2), q.dim(3), value.dim(3));
        TensorType normalizer = in.exactly("normalizer", DType.F32, q.dim(0), q.dim(2), q.dim(3));
        return ImmutableList.of(value, state, normalizer);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        return causal ? recurrent(b, in, b::call) : parallel(b, in);
    }

    /** The causal op by chunks of tokens: inputs and results as of the op. */
    public List<Value> chunks(GraphBuilder b, List<Value> in) {
        return recurrent(b, in, (recurrence, values) -> recurrence.chunks(b, values));
    }

    private List<Value> recurrent(
            GraphBuilder b, List<Value> in, BiFunction<LinearRecurrence, List<Value>, List<Value>> run) {
        Value v = in.get(4);
        long valueDim = v.type().fixedDim(3);
        Value state = b.concat(3, in.get(0), b.unsqueeze(in.get(1), -1));
        List<Value> out = run.apply(
                LinearRecurrence.of(Decay.NONE, false, false, 1), List.of(state, in.get(2), in.get(3), withOnes(b, v)));
        Value z = b.slice(out.get(1), 3, valueDim, valueDim + 1);
        return ImmutableList.of(
                normalised(b, out.get(0), valueDim),
                b.slice(out.get(1), 3, 0, valueDim),
                b.reduce(ReduceKind.SUM, z, false, 3));
    }

    private List<Value> parallel(GraphBuilder b, List<Value> in) {
        Value v = in.get(2);
        Value sums = b.matMul(b.transpose(in.get(1), 0, 2, 3, 1), b.transpose(withOnes(b, v), 0, 2, 1, 3));
        Value y = b.matMul(b.transpose(in.get(0), 0, 2, 1, 3), sums);
        return ImmutableList.of(
                normalised(b, b.transpose(y, 0, 2, 1, 3), v.type().fixedDim(3)));
    }

    /** A column of ones beside the values: its row of S is z. */
    private static Value withOnes(GraphBuilder b, Value v) {
        List<Dim> column = new ArrayList<>(v.type().dims());
        column.set(3, Dim.of(1));
        return b.concat(3, v, b.broadcast(b.scalar(DType.F32, 1), column));
    }

    private Value normalised(GraphBuilder b, Value y, long valueDim) {
        Value sum = b.add(b.slice(y, 3, valueDim, valueDim + 1), eps);
        return b.div(b.slice(y, 3, 0, valueDim), sum);
    }
}
