package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Small decoders of given mixers: each is called on the normalised hidden state and its result added to that. Weights are random,
 * the same ones for the same names, and of such sizes that hidden states and logits are about 1.
 */
public final class RandomDecoder {
    /** Entries of its vocabulary. */
    public static final int VOCAB = 23;

    private static final double EPS = 1e-5;

    /** Parameters that make a state fade, and explode if they are above 0. */
    private static final Set<String> NEGATIVE = Set.of("log_decay", "A");

    private RandomDecoder() {}

    /** A decoder with a layer for each mixer. */
    public static DecoderModel of(int hiddenSize, SequenceMixer... mixers) {
        return ofLayers(
                hiddenSize,
                Arrays.stream(mixers).map(m -> ImmutableMap.of("mixer", m)).toList());
    }

    /** A decoder with layers of one or more mixers, which follow each other. */
    public static DecoderModel ofLayers(int hiddenSize, List<ImmutableMap<String, SequenceMixer>> layers) {
        Map<String, Tensor> weights = new HashMap<>();
        put(weights, "embed.weight", VOCAB, hiddenSize);
        put(weights, "head.weight", VOCAB, hiddenSize);
        weights.put("norm.weight", ones(hiddenSize));
        List<DecoderLayer> decoderLayers = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            String name = "layers." + i;
            layers.get(i).forEach((part, mixer) -> {
                weights.put(name + ".norm." + part + ".weight", ones(hiddenSize));
                for (ParameterSpec p : mixer.parameters()) {
                    long[] dims = p.dims().stream().mapToLong(Long::longValue).toArray();
                    put(weights, name + "." + part + "." + p.name(), dims);
                }
            });
            ImmutableMap<String, SequenceMixer> mixers = layers.get(i);
            decoderLayers.add(new DecoderLayer(name, mixers, (m, x) -> block(m, mixers, x)));
        }
        return new DecoderModel(
                new ModelInfo("random", "", VOCAB, hiddenSize, 1 << 20),
                name -> Optional.ofNullable(weights.get(name)),
                (m, tokens) -> m.embedding("embed", tokens),
                decoderLayers,
                (m, x) -> m.linear("head", m.rmsNorm("norm", x, EPS)));
    }

    private static Value block(LayerBuilder m, ImmutableMap<String, SequenceMixer> mixers, Value x) {
        Value y = x;
        for (String part : mixers.keySet()) {
            y = m.add(y, m.mix(part, part, m.rmsNorm("norm." + part, y, EPS)));
        }
        return y;
    }

    private static void put(Map<String, Tensor> weights, String name, long... dims) {
        Shape shape = Shape.of(dims);
        Tensor t = RandomTensors.normal(name.hashCode(), 1 / Math.sqrt((double) shape.dim(-1)), shape);
        if (NEGATIVE.contains(name.substring(name.lastIndexOf('.') + 1))) {
            for (long i = 0; i < shape.elements(); i++) {
                t.setDouble(i, -Math.abs(t.getDouble(i)));
            }
        }
        weights.put(name, t);
    }

    private static Tensor ones(int size) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(size));
        for (int i = 0; i < size; i++) {
            t.setDouble(i, 1);
        }
        return t;
    }
}
