package org.attention4j.extension.mingru;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;

/** A decoder of minGRU, grouped-query attention, minGRU and sliding-window attention, with random weights. */
final class HybridModel {
    static final int VOCAB = 19;
    static final int STATE = 6;

    private static final int HIDDEN = 16;
    private static final int CONTEXT = 512;

    private HybridModel() {}

    /** @param form the form in which the recurrent layers are compiled */
    static DecoderModel of(Form form) {
        AttentionSpec gqa = AttentionSpec.causal(4, 2, 8);
        List<SequenceMixer> mixers = List.of(
                new MinGru(HIDDEN, STATE, form),
                new AttentionMixer(AttentionConfig.of(HIDDEN, gqa)),
                new MinGru(HIDDEN, STATE, form),
                new AttentionMixer(AttentionConfig.of(HIDDEN, gqa.withWindow(5))));
        Map<String, Tensor> weights = new HashMap<>();
        weights.put("embed.weight", random("embed.weight", VOCAB, HIDDEN));
        weights.put("head.weight", random("head.weight", VOCAB, HIDDEN));
        for (int i = 0; i < mixers.size(); i++) {
            for (ParameterSpec p : mixers.get(i).parameters()) {
                String name = "layers." + i + ".mixer." + p.name();
                weights.put(name, random(name, p.dims().get(0), p.dims().get(1)));
            }
        }
        return new DecoderModel(
                new ModelInfo("hybrid", "", VOCAB, HIDDEN, CONTEXT),
                name -> Optional.ofNullable(weights.get(name)),
                (m, tokens) -> m.embedding("embed", tokens),
                IntStream.range(0, mixers.size())
                        .mapToObj(i ->
                                new DecoderLayer("layers." + i, mixers.get(i), (m, x) -> m.add(x, m.mix("mixer", x))))
                        .toList(),
                (m, x) -> m.linear("head", x));
    }

    private static Tensor random(String name, long rows, long columns) {
        return RandomTensors.normal(name.hashCode(), 1 / Math.sqrt((double) columns), Shape.of(rows, columns));
    }
}
