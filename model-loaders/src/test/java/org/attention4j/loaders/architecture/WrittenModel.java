package org.attention4j.loaders.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.attention4j.LanguageModel;
import org.attention4j.LanguageModelBuilder;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.attention4j.testkit.RandomTensors;

/** A small model of random weights under Hugging Face's names, to be written, run, and computed by other means. */
final class WrittenModel {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** Adds a matrix or a vector. */
    WrittenModel add(String name, long... dims) {
        tensors.put(name, RandomTensors.normal(name.hashCode(), 0.4, Shape.of(dims)));
        return this;
    }

    /** Adds {@code name.weight [out, in]}. */
    WrittenModel linear(String name, long out, long in) {
        return add(name + ".weight", out, in);
    }

    /** Adds {@code name.weight [out, in]} and {@code name.bias [out]}. */
    WrittenModel linearWithBias(String name, long out, long in) {
        return linear(name, out, in).add(name + ".bias", out);
    }

    /** Adds a norm's weight and bias. */
    WrittenModel norm(String name, long size) {
        return add(name + ".weight", size).add(name + ".bias", size);
    }

    /** The same with another ending of the names that end so. */
    WrittenModel renamed(String ending, String other) {
        WrittenModel copy = new WrittenModel();
        tensors.forEach((name, t) -> copy.tensors.put(
                name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) + other : name, t));
        return copy;
    }

    Tensor tensor(String name) {
        return Optional.ofNullable(tensors.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** The rows of a matrix; a vector is one row. */
    double[][] rows(String name) {
        Tensor t = tensor(name);
        int columns = (int) t.shape().dim(-1);
        double[][] rows = new double[(int) t.shape().elements() / columns][columns];
        for (int i = 0; i < rows.length * columns; i++) {
            rows[i / columns][i % columns] = t.getDouble(i);
        }
        return rows;
    }

    /** x · Wᵀ, plus the bias if there is one. */
    double[][] linear(String name, double[][] x) {
        double[][] y = PlainMath.linear(x, rows(name + ".weight"));
        return tensors.containsKey(name + ".bias") ? PlainMath.addRow(y, rows(name + ".bias")[0]) : y;
    }

    /** LayerNorm with a weight, and a bias if there is one. */
    double[][] layerNorm(String name, double[][] x, double eps) {
        double[][] y = PlainMath.layerNorm(x, rows(name + ".weight")[0], eps);
        return tensors.containsKey(name + ".bias") ? PlainMath.addRow(y, rows(name + ".bias")[0]) : y;
    }

    /** down(silu(gate x) · up x) with names after {@code mlp}. */
    double[][] gatedMlp(String mlp, double[][] x) {
        double[][] gate = PlainMath.map(linear(mlp + ".gate_proj", x), PlainMath::silu);
        double[][] up = linear(mlp + ".up_proj", x);
        for (int r = 0; r < gate.length; r++) {
            for (int i = 0; i < gate[r].length; i++) {
                gate[r][i] *= up[r][i];
            }
        }
        return linear(mlp + ".down_proj", gate);
    }

    /** The rows of an embedding table. */
    double[][] embed(String name, int... ids) {
        double[][] table = rows(name + ".weight");
        double[][] out = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            out[i] = table[ids[i]].clone();
        }
        return out;
    }

    /** Writes the model as transformers does; {@code config} is that of {@code config.json}. */
    Path write(Path directory, String config) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), config);
            SafetensorsWriter writer = new SafetensorsWriter();
            tensors.forEach(writer::tensor);
            writer.write(directory.resolve("model.safetensors"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a tensor to a GGUF file under its name there. */
    void copy(String name, GgufWriter writer, String ggufName) {
        writer.tensor(ggufName, tensor(name));
    }

    /** The logits after each token, {@code [tokens][vocab]}, on the reference backend. */
    static double[][] logits(Path model, int... tokens) {
        return logits(LanguageModel.builder(model.toString()), tokens);
    }

    /** The same of a session with room for {@code contextLength} tokens. */
    static double[][] logitsIn(int contextLength, Path model, int... tokens) {
        return logits(LanguageModel.builder(model.toString()).contextLength(contextLength), tokens);
    }

    private static double[][] logits(LanguageModelBuilder model, int... tokens) {
        try (LanguageModel opened = model.backend("reference").open();
                Session session = opened.newSession()) {
            Tensor logits = session.score(tokens);
            int vocab = (int) logits.shape().dim(1);
            double[][] out = new double[tokens.length][vocab];
            for (int i = 0; i < tokens.length * vocab; i++) {
                out[i / vocab][i % vocab] = logits.getDouble(i);
            }
            return out;
        }
    }
}
