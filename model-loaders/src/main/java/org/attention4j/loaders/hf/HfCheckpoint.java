package org.attention4j.loaders.hf;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.loaders.packed.PackedTensors;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/** A {@code config.json} and the safetensors files that go with it. */
final class HfCheckpoint implements Checkpoint {
    private static final String MODEL = "model.";
    private static final String LANGUAGE_MODEL = "language_model.";

    private final Path path;
    private final HfConfig config;
    private final SafetensorsModel model;
    private final PackedTensors tensors;
    private final String architecture;

    /** Takes over {@code model}: closing the checkpoint closes it. */
    HfCheckpoint(Path path, HfConfig config, String architecture, SafetensorsModel model) {
        this.path = path;
        this.config = config;
        this.architecture = architecture;
        this.model = model;
        this.tensors = PackedTensors.of(path, model, Config.of(config));
    }

    @Override
    public String format() {
        return HfFormat.NAME;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public WeightLayout layout() {
        return WeightLayout.TRANSFORMERS;
    }

    @Override
    public Config config() {
        return Config.of(config);
    }

    @Override
    public Config metadata() {
        return model.metadata();
    }

    @Override
    public List<TensorInfo> tensors() {
        return tensors.tensors();
    }

    @Override
    public boolean hasTensor(String name) {
        return tensors.has(inFile(name));
    }

    @Override
    public Tensor tensor(String name) {
        return tensors.tensor(inFile(name));
    }

    /** The name in the file: models of text and images keep the tensors of the former apart, in one of two ways. */
    private String inFile(String name) {
        String inside = name.startsWith(MODEL) ? MODEL + LANGUAGE_MODEL + name.substring(MODEL.length()) : name;
        return Stream.of(name, LANGUAGE_MODEL + name, inside)
                .filter(tensors::has)
                .findFirst()
                .orElse(name);
    }

    @Override
    public void close() {
        model.close();
    }
}
