package org.attention4j.core.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A decoder of a few attention layers with random weights. */
final class TinyDecoder {
    static final int VOCAB = 17;
    static final int HIDDEN = 12;

    private TinyDecoder() {}

    static DecoderModel of(AttentionConfig... layers) {
        Map<String, Tensor> weights = new HashMap<>();
        weights.put("embed.weight", random(Shape.of(VOCAB, HIDDEN), 1));
        weights.put("head.weight", random(Shape.of(VOCAB, HIDDEN), 2));
        List<DecoderLayer> decoderLayers = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            AttentionMixer mixer = new AttentionMixer(layers[i]);
            for (ParameterSpec p : mixer.parameters()) {
                Shape shape =
                        Shape.of(p.dims().stream().mapToLong(Long::longValue).toArray());
                weights.put(
                        "layers." + i + ".attn." + p.name(),
                        random(shape, 100L * i + p.name().hashCode()));
            }
            decoderLayers.add(new DecoderLayer("layers." + i, mixer, (m, x) -> m.add(x, m.mix("attn", x))));
        }
        return new DecoderModel(
                new ModelInfo("tiny", "", VOCAB, HIDDEN, 64),
                name -> Optional.ofNullable(weights.get(name)),
                (m, tokens) -> m.embedding("embed", tokens),
                decoderLayers,
                (m, x) -> m.linear("head", x));
    }

    private static Tensor random(Shape shape, long seed) {
        Random random = new Random(seed);
        Tensor t = Tensor.zeros(DType.F32, shape);
        for (long i = 0; i < shape.elements(); i++) {
            t.setDouble(i, random.nextGaussian() / Math.sqrt((double) shape.dim(-1)));
        }
        return t;
    }
}
