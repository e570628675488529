package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.model.LayerBuilder;
import org.attention4j.core.model.ModelBuilder;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.SentenceConfig;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.gguf.GgufNaming;

/**
 * BERT (Devlin et al. 2019, arXiv:1810.04805) and RoBERTa (Liu et al. 2019, arXiv:1907.11692), XLM-RoBERTa and CamemBERT:
 * bidirectional attention and MLP, each followed by its residual and LayerNorm; tokens, positions and token types are embedded
 * and normalised. RoBERTa's position table begins with rows that no position uses, as many as the padding id and one; GGUF files
 * leave them out.
 */
@AutoService({Architecture.class, GgufNaming.class})
public final class Bert implements Architecture, GgufNaming {
    private static final Set<String> ROBERTA = Set.of("roberta", "xlm-roberta", "camembert");

    @Override
    public Set<String> names() {
        return Set.of("bert", "roberta", "xlm-roberta", "camembert");
    }

    @Override
    public ModelDefinition define(Checkpoint c) {
        Config config = c.config();
        requireKnown(config);
        String prefix = prefix(c);
        int numLayers = config.size("num_hidden_layers");
        CheckpointWeights weights = weights(c, prefix, numLayers);
        int heads = config.size("num_attention_heads");
        AttentionSpec spec = AttentionSpec.bidirectional(heads, heads, Configs.headDim(config));
        AttentionMixer mixer = new AttentionMixer(
                AttentionConfig.of(config.size("hidden_size"), spec).withBias(true, true));
        double eps = config.number("layer_norm_epsilon", 1e-12);
        Activation activation = Configs.activation(config, Activation.GELU);
        List<DecoderLayer> layers = IntStream.range(0, numLayers)
                .mapToObj(i ->
                        new DecoderLayer(prefix + "encoder.layer." + i, mixer, (m, x) -> block(m, x, eps, activation)))
                .toList();
        int unusedPositions = unusedPositions(c);
        String types = prefix + "embeddings.token_type_embeddings.weight";
        String pooler = prefix + "pooler.dense";
        return new EncoderModel(
                info(c, weights, prefix, unusedPositions),
                weights,
                (m, tokens, tokenTypes) -> embed(m, prefix, tokens, tokenTypes, unusedPositions, eps),
                layers,
                weights.has(types) ? Math.toIntExact(weights.get(types).shape().dim(0)) : 1,
                SentenceConfig.of(c).pooling(),
                weights.has(pooler + ".weight") ? Optional.of(pooler) : Optional.empty());
    }

    private static void requireKnown(Config config) {
        if (config.flag("is_decoder", false)) {
            throw config.bad("is_decoder", "false: an encoder");
        }
        if (!config.text("position_embedding_type", "absolute").equals("absolute")) {
            throw config.bad("position_embedding_type", "absolute");
        }
    }

    /** What the names begin with: nothing in files of the bare model, which sentence-transformers saves. */
    private static String prefix(Checkpoint c) {
        return List.of("bert.", "roberta.").stream()
                .filter(p -> c.hasTensor(p + "embeddings.word_embeddings.weight"))
                .findFirst()
                .orElse("");
    }

    private static int unusedPositions(Checkpoint c) {
        boolean kept = c.layout() == WeightLayout.TRANSFORMERS && ROBERTA.contains(c.architecture());
        return kept ? c.config().integer("pad_token_id", 1) + 1 : 0;
    }

    /** The context is what the position table has rows for. */
    private static ModelInfo info(Checkpoint c, CheckpointWeights weights, String prefix, int unusedPositions) {
        ModelInfo info = Configs.info(c, weights.get(prefix + "embeddings.word_embeddings.weight"));
        long rows = weights.get(prefix + "embeddings.position_embeddings.weight")
                .shape()
                .dim(0);
        int context = Math.toIntExact(rows - unusedPositions);
        return new ModelInfo(info.architecture(), info.name(), info.vocabSize(), info.hiddenSize(), context);
    }

    private static Value embed(
            ModelBuilder m, String prefix, Value tokens, Value tokenTypes, int unusedPositions, double eps) {
        String embeddings = prefix + "embeddings.";
        Value rows = m.add(m.positions(), m.graph().scalar(DType.I64, unusedPositions));
        Value positions = m.apply(new Embedding(), rows, m.weight(embeddings + "position_embeddings.weight"));
        Value x = m.add(m.embedding(embeddings + "word_embeddings", tokens), positions);
        Value typed = m.findWeight(embeddings + "token_type_embeddings.weight")
                .map(table -> m.add(x, m.apply(new Embedding(), tokenTypes, table)))
                .orElse(x);
        return m.layerNorm(embeddings + "LayerNorm", typed, eps);
    }

    private static Value block(LayerBuilder m, Value x, double eps, Activation activation) {
        Value a = m.layerNorm("attention.output.LayerNorm", m.add(x, m.mix("attention", x)), eps);
        Value mlp = m.mlp("intermediate.dense", "output.dense", activation, a);
        return m.layerNorm("output.LayerNorm", m.add(a, mlp), eps);
    }

    private static CheckpointWeights weights(Checkpoint c, String prefix, int numLayers) {
        CheckpointWeights weights = new CheckpointWeights(c, "");
        renameNorm(weights, prefix + "embeddings.LayerNorm");
        for (int i = 0; i < numLayers; i++) {
            String layer = prefix + "encoder.layer." + i + ".";
            String attention = layer + "attention.";
            weights.rename(attention + "self.query", attention + "q_proj");
            weights.rename(attention + "self.key", attention + "k_proj");
            weights.rename(attention + "self.value", attention + "v_proj");
            weights.rename(attention + "output.dense", attention + "o_proj");
            renameNorm(weights, attention + "output.LayerNorm");
            renameNorm(weights, layer + "output.LayerNorm");
        }
        return weights;
    }

    /** Files from TensorFlow's days call a norm's weight and bias gamma and beta. */
    private static void renameNorm(CheckpointWeights weights, String norm) {
        if (weights.has(norm + ".gamma")) {
            weights.derive(norm + ".weight", () -> weights.get(norm + ".gamma"));
            weights.derive(norm + ".bias", () -> weights.get(norm + ".beta"));
        }
    }

    @Override
    public Set<String> architectures() {
        return Set.of("bert");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of();
    }

    @Override
    public Map<String, String> tensors() {
        String layer = "encoder.layer.{layer}.";
        return Map.ofEntries(
                Map.entry("embeddings.word_embeddings", "token_embd"),
                Map.entry("embeddings.position_embeddings", "position_embd"),
                Map.entry("embeddings.token_type_embeddings", "token_types"),
                Map.entry("embeddings.LayerNorm", "token_embd_norm"),
                Map.entry(layer + "attention.self.query", "blk.{layer}.attn_q"),
                Map.entry(layer + "attention.self.key", "blk.{layer}.attn_k"),
                Map.entry(layer + "attention.self.value", "blk.{layer}.attn_v"),
                Map.entry(layer + "attention.output.dense", "blk.{layer}.attn_output"),
                Map.entry(layer + "attention.output.LayerNorm", "blk.{layer}.attn_output_norm"),
                Map.entry(layer + "intermediate.dense", "blk.{layer}.ffn_up"),
                Map.entry(layer + "output.dense", "blk.{layer}.ffn_down"),
                Map.entry(layer + "output.LayerNorm", "blk.{layer}.layer_output_norm"));
    }
}
