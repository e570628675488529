package org.attention4j.loaders.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.WeightLayout;

/** A model in a GGUF file, or in the parts of one. */
final class GgufCheckpoint implements Checkpoint {
    private static final String EMBEDDINGS = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    private final GgufParts file;
    private final String architecture;
    private final GgufNames names;

    /** Takes over a file that has the whole model: closing the checkpoint closes it. */
    GgufCheckpoint(GgufFile file) {
        this(GgufParts.of(file));
    }

    /** Takes over the files: closing the checkpoint closes them. */
    GgufCheckpoint(GgufParts file) {
        this.file = file;
        this.architecture = file.metadata().text("general.architecture");
        this.names = GgufNames.of(architecture);
    }

    @Override
    public String format() {
        return GgufFormat.NAME;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String architecture() {
        return architecture;
    }

    @Override
    public WeightLayout layout() {
        return WeightLayout.GGML;
    }

    @Override
    public Config config() {
        return Config.of(new Hyperparameters());
    }

    @Override
    public Config metadata() {
        return file.metadata();
    }

    @Override
    public List<TensorInfo> tensors() {
        return file.tensors();
    }

    @Override
    public boolean hasTensor(String name) {
        return file.hasTensor(names.tensor(name));
    }

    @Override
    public Tensor tensor(String name) {
        return file.tensor(names.tensor(name));
    }

    @Override
    public void close() {
        file.close();
    }

    /** Canonical keys, translated; what Hugging Face states and GGUF leaves to be seen from the tensors is derived. */
    private final class Hyperparameters implements Config.Source {
        @Override
        public Path file() {
            return file.path();
        }

        @Override
        public Set<String> keys() {
            return file.metadata().keys();
        }

        @Override
        public Optional<Object> find(String key) {
            return file.metadata().find(names.key(key)).or(() -> derive(key));
        }

        private Optional<Object> derive(String key) {
            return switch (key) {
                case "tie_word_embeddings" -> Optional.of(!file.hasTensor(OUTPUT));
                case "vocab_size" ->
                    file.hasTensor(EMBEDDINGS)
                            ? firstDim(file.tensorInfo(EMBEDDINGS).shape())
                            : Optional.empty();
                default -> Optional.empty();
            };
        }

        private static Optional<Object> firstDim(Shape shape) {
            return shape.rank() == 0 ? Optional.empty() : Optional.of(shape.dim(0));
        }

        @Override
        public String spelling(String key) {
            return names.key(key);
        }
    }
}
