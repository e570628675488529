package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.Weights;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.UnsupportedModelException;

/**
 * A GGUF file in the making out of a model's definition. It has to place each weight that the model's graph reads: so nothing that the
 * model computes with is left out. Hyperparameters and weights go by their canonical names, those of Hugging Face transformers, and are
 * translated as for loading. Not thread-safe.
 */
public final class GgufDraft {
    private final Checkpoint checkpoint;
    private final DecoderModel model;
    private final String architecture;
    private final GgufNames names;
    private final Map<String, Tensor> unplaced;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final GgufWriter writer = new GgufWriter();
    private final Set<String> remarks = new LinkedHashSet<>();

    /**
     * A draft without hyperparameters and tensors.
     *
     * @param model the definition of what is in {@code checkpoint}
     * @param architecture of the file
     */
    public GgufDraft(Checkpoint checkpoint, DecoderModel model, String architecture) {
        this.checkpoint = checkpoint;
        this.model = model;
        this.architecture = architecture;
        this.names = GgufNames.of(architecture);
        this.unplaced = read(model);
        writer.string("general.architecture", architecture);
    }

    /** The weights that a model's graph reads. */
    private static Map<String, Tensor> read(DecoderModel model) {
        Map<String, Tensor> read = new LinkedHashMap<>();
        Weights recording = name -> {
            Optional<Tensor> found = model.weights().find(name);
            found.ifPresent(tensor -> read.put(name, tensor));
            return found;
        };
        var _ = new DecoderModel(model.info(), recording, model.embed(), model.decoderLayers(), model.head())
                .graph(GraphOptions.single(Storage.EXACT));
        return read;
    }

    /** The model's files. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** The model's configuration. */
    public Config config() {
        return checkpoint.config();
    }

    /** The model. */
    public DecoderModel model() {
        return model;
    }

    /** {@code general.architecture} of the file. */
    public String architecture() {
        return architecture;
    }

    /** The error for a model that the file can't tell; {@code detail} says what it is and why not. */
    public UnsupportedModelException unsupported(String detail) {
        return new UnsupportedModelException(checkpoint.path(), "as GGUF: " + detail);
    }

    /** Says what to know of the file, such as which of its readers refuse it. */
    public void remark(String text) {
        remarks.add(text);
    }

    /** What there is to know of the file. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** States a size or a count. */
    public void size(String hyperparameter, long value) {
        writer.uint32(names.key(hyperparameter), value);
    }

    /** States a number. */
    public void number(String hyperparameter, double value) {
        writer.float32(names.key(hyperparameter), value);
    }

    /** States a truth value. */
    public void flag(String hyperparameter, boolean value) {
        writer.bool(names.key(hyperparameter), value);
    }

    /** States a word. */
    public void text(String hyperparameter, String value) {
        writer.string(names.key(hyperparameter), value);
    }

    /** States a number for each layer. */
    public void sizes(String hyperparameter, int... values) {
        writer.int32s(names.key(hyperparameter), values);
    }

    /** Whether the model reads a weight of this name that has no place yet. */
    public boolean has(String name) {
        return unplaced.containsKey(name);
    }

    /**
     * Takes out a weight, to be placed otherwise than under its translated name and as it is.
     *
     * @throws ModelFormatException if the model reads none of this name
     */
    public Tensor take(String name) {
        Tensor tensor = unplaced.remove(name);
        if (tensor == null) {
            throw new ModelFormatException(
                    checkpoint.path(), "tensor %s: the model reads none, expected one".formatted(quote(name)));
        }
        return tensor;
    }

    /** Places a tensor under its name in the file. */
    public void place(String nameInFile, Tensor tensor) {
        if (tensors.putIfAbsent(nameInFile, tensor) != null) {
            throw new IllegalStateException("gguf: two tensors are called " + nameInFile);
        }
    }

    /**
     * Places a weight that was taken out, and changed, under its translated name.
     *
     * @throws UnsupportedModelException if files of this architecture have no such tensor
     */
    public void placeAs(String name, Tensor tensor) {
        place(names.find(name).orElseThrow(() -> homeless(name)), tensor);
    }

    /**
     * Places all weights that are left under their translated names.
     *
     * @throws UnsupportedModelException if files of this architecture have no such tensor
     */
    public void placeRest() {
        for (String name : new ArrayList<>(unplaced.keySet())) {
            placeAs(name, take(name));
        }
    }

    private UnsupportedModelException homeless(String name) {
        return unsupported("the model reads the tensor %s, which files of the architecture %s don't have"
                .formatted(quote(name), architecture));
    }

    /**
     * The tensors by their names in the file.
     *
     * @throws UnsupportedModelException if a weight that the model reads has no place
     */
    public Map<String, Tensor> tensors() {
        List<String> left = List.copyOf(unplaced.keySet());
        if (!left.isEmpty()) {
            throw homeless(left.getFirst());
        }
        return Collections.unmodifiableMap(tensors);
    }

    /** The hyperparameters, to which the rest of the file may be added. */
    public GgufWriter writer() {
        return writer;
    }
}
