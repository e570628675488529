package org.attention4j.loaders.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;

/** A small model of random weights written twice: as transformers, and as llama.cpp's converter would write it. */
final class TwinModel {
    static final int HIDDEN = 16;
    static final int INTERMEDIATE = 24;
    static final int VOCABULARY = 20;

    private static final int[] TOKENS = {3, 19, 0, 7, 7, 12, 1, 5, 16, 2, 9};

    private final String config;
    private final GgufWriter gguf;
    private final Map<String, Tensor> weights = new TreeMap<>();

    /**
     * A model without weights yet.
     *
     * @param config the {@code config.json}
     * @param architecture the {@code general.architecture}, of which the metadata has the sizes but no more
     */
    TwinModel(String config, String architecture, int layers) {
        this.config = config;
        this.gguf = new GgufWriter()
                .string("general.architecture", architecture)
                .uint32(architecture + ".block_count", layers)
                .uint32(architecture + ".context_length", 64)
                .uint32(architecture + ".embedding_length", HIDDEN)
                .uint32(architecture + ".feed_forward_length", INTERMEDIATE);
        weight("model.embed_tokens.weight", "token_embd.weight", VOCABULARY, HIDDEN);
    }

    /** For what else the metadata says. */
    GgufWriter gguf() {
        return gguf;
    }

    /** A tensor that is the same in both files. */
    TwinModel weight(String name, String ggufName, long... dims) {
        return weight(name, ggufName, UnaryOperator.identity(), dims);
    }

    /** A tensor that the converter changes. */
    TwinModel weight(String name, String ggufName, UnaryOperator<Tensor> change, long... dims) {
        Tensor tensor = RandomTensors.normal(name.hashCode(), 0.4, Shape.of(dims));
        gguf.tensor(ggufName, change.apply(tensor));
        return inConfig(name, tensor);
    }

    /** A tensor of the safetensors file alone. */
    TwinModel inConfig(String name, Tensor tensor) {
        weights.put(name, tensor);
        return this;
    }

    /** A tensor of the GGUF file alone. */
    TwinModel inGguf(String name, Tensor tensor) {
        gguf.tensor(name, tensor);
        return this;
    }

    /** The elements plus 1. */
    static Tensor plusOne(Tensor t) {
        Tensor out = Tensor.zeros(t.dtype(), t.shape());
        for (long i = 0; i < t.shape().elements(); i++) {
            out.setDouble(i, t.getDouble(i) + 1);
        }
        return out;
    }

    /** The rows of each head in the order in which neighbours are rotated. */
    static UnaryOperator<Tensor> permuted(int heads) {
        return t -> {
            long headDim = t.shape().dim(0) / heads;
            long columns = t.shape().dim(1);
            Tensor out = Tensor.zeros(t.dtype(), t.shape());
            for (long row = 0; row < t.shape().dim(0); row++) {
                long inHead = row % headDim;
                long source = row - inHead + inHead % 2 * (headDim / 2) + inHead / 2;
                for (long c = 0; c < columns; c++) {
                    out.setDouble(row * columns + c, t.getDouble(source * columns + c));
                }
            }
            return out;
        };
    }

    /** Checks that both give the same logits. */
    void assertSameLogits(Path directory) throws IOException {
        Path file = directory.resolve("model.gguf");
        gguf.write(file);
        Compare.assertClose(
                "logits",
                logits(writeTransformers(directory, UnaryOperator.identity())),
                logits(file),
                new Tolerance(2e-5, 2e-5));
    }

    /** Writes it as transformers would, with other names of the tensors. */
    Path writeTransformers(Path parent, UnaryOperator<String> rename) throws IOException {
        Path directory = Files.createTempDirectory(parent, "model");
        Files.writeString(directory.resolve("config.json"), config);
        SafetensorsWriter writer = new SafetensorsWriter();
        weights.forEach((name, tensor) -> writer.tensor(rename.apply(name), tensor));
        writer.write(directory.resolve("model.safetensors"));
        return directory;
    }

    /** {@code F32[tokens, vocabulary]}: what the reference backend makes of a model. */
    static Tensor logits(Path path) {
        try (Checkpoint checkpoint = ModelFormats.open(path);
                Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledModel model =
                        CompiledModel.compile(Architectures.define(checkpoint), backend, CompileOptions.DEFAULT);
                Session session = model.newSession(TOKENS.length)) {
            return session.score(TOKENS);
        }
    }
}
