package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * RWKV, versions 4 to 7: layers of time mixing and channel mixing, each after a LayerNorm and with a residual; a norm of the
 * embedding comes first. {@link RwkvLayer} has what the versions differ in.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Rwkv implements Architecture, GgufNaming {
    private static final String[] EMBEDDINGS = {
        "emb.weight", "rwkv.embeddings.weight", "model.embeddings.weight", "token_embd.weight"
    };
    private static final int CONTEXT_LENGTH = 1 << 20;

    /** Of the layers' norms, unless the model says otherwise. */
    static final double EPS = 1e-5;

    @Override
    public Set<String> names() {
        return Set.of("rwkv", "rwkv5", "rwkv6", "rwkv7");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        int numLayers = config.size("num_hidden_layers");
        double eps = config.number("layer_norm_epsilon", config.number("ln_eps", EPS));
        RwkvWeights w = new RwkvWeights(c);
        w.take("emb.weight", EMBEDDINGS);
        w.take("head.weight", "head.weight", "lm_head.weight", "output.weight");
        if (!w.all().has("head.weight") && config.flag("tie_word_embeddings", false)) {
            w.take("head.weight", EMBEDDINGS);
        }
        w.norm("ln_out", "ln_out", "rwkv.ln_out", "model.norm", "output_norm");
        w.norm("ln0", "blocks.0.ln0", "rwkv.blocks.0.pre_ln", "model.layers.0.pre_norm", "token_embd_norm");
        int rescale = config.integer("rescale_every_n_layers", 0);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < numLayers; i++) {
            RwkvLayer layer = new RwkvLayer(c, w, i);
            SequenceMixer time = layer.timeMix();
            ImmutableMap<String, SequenceMixer> mixers = ImmutableMap.of("att", time, "ffn", layer.channelMix());
            boolean halved = rescale > 0 && (i + 1) % rescale == 0;
            layers.add(new DecoderLayer("blocks." + i, mixers, (m, x) -> block(m, x, eps, halved)));
        }
        return new DecoderModel(
                Configs.info(c, w.all().get("emb.weight"), CONTEXT_LENGTH),
                w.all(),
                (m, tokens) -> m.layerNorm("ln0", m.embedding("emb", tokens), eps),
                layers,
                (m, x) -> m.linear("head", m.layerNorm("ln_out", x, eps)));
    }

    /** @param halved whether what follows is stored for a hidden state of half the size, as GGUF files of RWKV-6 have it */
    private static Value block(LayerBuilder m, Value x, double eps, boolean halved) {
        Value h = m.add(x, m.mix("att", "att", m.layerNorm("ln1", x, eps)));
        Value y = m.add(h, m.mix("ffn", "ffn", m.layerNorm("ln2", h, eps)));
        return halved ? m.graph().mul(y, 0.5) : y;
    }

    @Override
    public Set<String> architectures() {
        return Set.of("rwkv6", "rwkv7");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of("head_size", "wkv.head_size");
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of();
    }
}
