package org.attention4j.core.mixer.effective;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Makes the map of one op of the results that it gives for unit vectors. */
final class Mapping {
    /** Of the largest entry: what float32 loses on another backend is a thousandth of this. */
    private static final double TOLERANCE = 1e-3;

    private final MixingOps.Found op;
    private final MixingProbe probe;
    private final Map<Value, Tensor> recorded;
    private final int[] heads;
    private final Shape valueShape;
    private final Shape resultShape;
    private final float[] values;
    private final float[] withoutValues;
    private final double[] product;

    Mapping(MixingOps.Found op, MixingProbe probe, Map<Value, Tensor> recorded, MapSelection selection) {
        this.op = op;
        this.probe = probe;
        this.recorded = recorded;
        this.heads = heads(op, selection).toArray();
        Tensor given = requireNonNull(recorded.get(op.input()));
        this.valueShape = given.shape();
        this.resultShape = requireNonNull(recorded.get(op.result())).shape();
        this.values = given.toFloatArray();
        this.withoutValues = probe.result(Tensor.zeros(DType.F32, valueShape));
        this.product = new double[withoutValues.length];
    }

    static int numHeads(MixingOps.Found op) {
        TensorType result = op.result().type();
        return op.values().mixing() == MixedValues.Mixing.BY_HEAD ? (int) result.fixedDim(2) : 1;
    }

    static IntStream heads(MixingOps.Found op, MapSelection selection) {
        return IntStream.range(0, numHeads(op)).filter(selection::hasHead);
    }

    /** The map; empty: the op's result in the model is not what the map gives for its values there. */
    Optional<AttentionMap> map(LayerInfo layer) {
        Map<Integer, WeightMatrix> matrices = new TreeMap<>();
        int channels = 1;
        if (op.values().mixing() == MixedValues.Mixing.BY_HEAD) {
            byHead(matrices);
        } else {
            channels = channels();
            matrices.put(0, byChannel());
        }
        if (!isConfirmed()) {
            return Optional.empty();
        }
        if (op.factor().isPresent()) {
            multiply(matrices, requireNonNull(recorded.get(op.factor().get())));
        }
        return Optional.of(new AttentionMap(
                op.layer(),
                op.composite().label(),
                layer.mixer(),
                layer.description(),
                op.values(),
                channels,
                ImmutableMap.copyOf(matrices)));
    }

    EffectiveAttention.Skipped notLinear() {
        return new EffectiveAttention.Skipped(
                op.layer(),
                "layer %d: %s is not linear in its input %s, or was given something else in the model"
                        .formatted(
                                op.layer(), op.composite().label(), op.values().input()));
    }

    /** A unit vector has as many entries as a head's value, so each run probes so many tokens. */
    private void byHead(Map<Integer, WeightMatrix> matrices) {
        int tokens = (int) valueShape.dim(op.values().tokenAxis());
        int entries = (int) valueShape.dim(3);
        for (int head : heads) {
            matrices.put(head, new WeightMatrix((int) resultShape.dim(1), tokens));
        }
        IntStream.range(0, Math.ceilDiv(tokens, entries)).parallel().forEach(run -> {
            int first = run * entries;
            int count = Math.min(entries, tokens - first);
            read(matrices, probe.result(unitVectors(first, count)), first, count);
        });
        matrices.forEach(this::accumulate);
    }

    private Tensor unitVectors(int first, int count) {
        int tokenAxis = op.values().tokenAxis();
        int headAxis = 3 - tokenAxis;
        Tensor t = Tensor.zeros(DType.F32, valueShape);
        long[] strides = {0, valueShape.dim(2) * valueShape.dim(3), valueShape.dim(3)};
        for (long head = 0; head < valueShape.dim(headAxis); head++) {
            for (int i = 0; i < count; i++) {
                t.setDouble(head * strides[headAxis] + (first + i) * strides[tokenAxis] + i, 1);
            }
        }
        return t;
    }

    /** Columns {@code first} and so on are entries 0 and so on of the result. */
    private void read(Map<Integer, WeightMatrix> matrices, float[] y, int first, int count) {
        int allHeads = (int) resultShape.dim(2);
        int entries = (int) resultShape.dim(3);
        matrices.forEach((head, matrix) -> {
            for (int row = 0; row < matrix.rows(); row++) {
                int at = (row * allHeads + head) * entries;
                for (int i = 0; i < count; i++) {
                    matrix.set(row, first + i, (double) y[at + i] - withoutValues[at + i]);
                }
            }
        });
    }

    /** Adds A·v of a head to the product. */
    private void accumulate(int head, WeightMatrix matrix) {
        int allHeads = (int) resultShape.dim(2);
        int entries = (int) resultShape.dim(3);
        int tokenAxis = op.values().tokenAxis();
        int valueHeads = (int) valueShape.dim(3 - tokenAxis);
        int valueHead = head / (allHeads / valueHeads);
        int perToken = tokenAxis == 1 ? valueHeads * entries : entries;
        int start = tokenAxis == 1 ? valueHead * entries : valueHead * matrix.columns() * entries;
        for (int row = 0; row < matrix.rows(); row++) {
            int to = (row * allHeads + head) * entries;
            for (int column = 0; column < matrix.columns(); column++) {
                double weight = matrix.get(row, column);
                for (int i = 0; weight != 0 && i < entries; i++) {
                    product[to + i] += weight * values[start + column * perToken + i];
                }
            }
        }
    }

    private int channels() {
        return Math.toIntExact(valueShape.elements() / (valueShape.dim(0) * valueShape.dim(1)));
    }

    /** All channels of one token are probed at once, and their magnitudes averaged. */
    private WeightMatrix byChannel() {
        int tokens = (int) valueShape.dim(1);
        int channels = channels();
        WeightMatrix mean = new WeightMatrix(tokens, tokens);
        IntStream.range(0, tokens).parallel().forEach(token -> {
            Tensor ones = Tensor.zeros(DType.F32, valueShape);
            for (int c = 0; c < channels; c++) {
                ones.setDouble((long) token * channels + c, 1);
            }
            float[] y = probe.result(ones);
            for (int row = 0; row < tokens; row++) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    int at = row * channels + c;
                    y[at] -= withoutValues[at];
                    sum += Math.abs(y[at]);
                }
                mean.set(row, token, sum / channels);
            }
            accumulate(token, channels, y);
        });
        return mean;
    }

    private synchronized void accumulate(int token, int channels, float[] weights) {
        for (int i = 0; i < weights.length; i++) {
            product[i] += (double) weights[i] * values[token * channels + i % channels];
        }
    }

    /** Whether A·v, with what does not depend on v, is what the op gave in the model, in the heads that were mapped. */
    private boolean isConfirmed() {
        float[] expected = requireNonNull(recorded.get(op.result())).toFloatArray();
        boolean byHead = op.values().mixing() == MixedValues.Mixing.BY_HEAD;
        int entries = byHead ? (int) resultShape.dim(3) : expected.length;
        int allHeads = byHead ? (int) resultShape.dim(2) : 1;
        double largest = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            int head = i / entries % allHeads;
            if (IntStream.of(heads).anyMatch(h -> h == head)) {
                largest = Math.max(largest, Math.abs(expected[i]));
                error = Math.max(error, Math.abs(product[i] + withoutValues[i] - expected[i]));
            }
        }
        return error <= TOLERANCE * largest;
    }

    /** @param factors {@code [batch, seq, heads, 1]} */
    private void multiply(Map<Integer, WeightMatrix> matrices, Tensor factors) {
        long valueHeads = factors.shape().dim(2);
        matrices.forEach((head, matrix) -> {
            for (int column = 0; column < matrix.columns(); column++) {
                long valueHead = head / (resultShape.dim(2) / valueHeads);
                matrix.scaleColumn(column, factors.getDouble(column * valueHeads + valueHead));
            }
        });
    }
}
