package org.attention4j.loaders.onnxmodel;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.external.ExternalDecoder;
import org.attention4j.core.external.ExternalModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.loaders.Architecture;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.onnx.OnnxImport;

/** Decoders in ONNX files, which are run as they are. */
@AutoService(Architecture.class)
public final class OnnxArchitecture implements Architecture {
    static final String NAME = "onnx";

    /** What the exporter here writes into a model's properties. */
    static final String PROPERTIES = "attention4j.";

    /** Of a model that doesn't say for how many tokens it was trained. */
    private static final int UNKNOWN_CONTEXT = 1 << 20;

    @Override
    public Set<String> names() {
        return ImmutableSet.of(NAME);
    }

    @Override
    public ModelDefinition define(Checkpoint checkpoint) {
        if (!(checkpoint instanceof OnnxCheckpoint onnx)) {
            throw new UnsupportedModelException(
                    checkpoint.path(), "the architecture is 'onnx', expected an ONNX file to go with it");
        }
        Config config = JsonTree.read(onnx.home().resolve("config.json"));
        Config genai = JsonTree.read(onnx.home().resolve("genai_config.json"));
        ExternalDecoder decoder = new DecoderInterface(onnx, genai, config).decoder();
        Map<String, Object> properties = onnx.properties();
        String architecture = String.valueOf(properties.getOrDefault(
                PROPERTIES + "architecture", config.text("model_type", genai.text("model.type", NAME))));
        String name = String.valueOf(properties.getOrDefault(PROPERTIES + "name", ""));
        int trained = config.size("max_position_embeddings", config.size("n_positions", UNKNOWN_CONTEXT));
        int context = genai.size("model.context_length", trained);
        int hidden = config.size("hidden_size", genai.size("model.decoder.hidden_size", 1));
        return new ExternalModel(
                new ModelInfo(architecture, name, decoder.vocabSize(), hidden, context),
                decoder,
                () -> OnnxImport.importModel(onnx.model(), onnx.path(), Map.of()));
    }
}
