package org.attention4j.extension.mingru;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.architecture.CheckpointWeights;
import org.attention4j.loaders.architecture.Configs;

/** Layers of a norm, a minGRU and a residual; the logits are products with the embedding table. */
@AutoService(Architecture.class)
public final class MinGruArchitecture implements Architecture {
    @Override
    public Set<String> names() {
        return Set.of("mingru");
    }

    @Override
    public ModelDefinition define(Checkpoint checkpoint) {
        Config config = checkpoint.config();
        CheckpointWeights weights = new CheckpointWeights(checkpoint, "");
        double eps = config.number("rms_norm_eps");
        MinGru mixer = new MinGru(config.size("hidden_size"), config.size("state_size"), Form.RECURRENT);
        List<DecoderLayer> layers = IntStream.range(0, config.size("num_hidden_layers"))
                .mapToObj(i -> new DecoderLayer(
                        "model.layers." + i,
                        mixer,
                        (m, x) -> m.add(x, m.mix("mixer", m.rmsNorm("input_layernorm", x, eps)))))
                .toList();
        return new DecoderModel(
                Configs.info(checkpoint, weights.get("model.embed_tokens.weight")),
                weights,
                (m, tokens) -> m.embedding("model.embed_tokens", tokens),
                layers,
                (m, x) -> m.linear("model.embed_tokens", m.rmsNorm("model.norm", x, eps)));
    }
}
