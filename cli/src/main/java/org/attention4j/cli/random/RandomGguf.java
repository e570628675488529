package org.attention4j.cli.random;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;

/** A GGUF file with random weights in the making. The weights themselves are made while the file is written. */
public final class RandomGguf {
    /** Times 1/√(columns): what goes through many layers neither vanishes nor overflows. */
    private static final double SCALE = 0.6;

    private final GgufWriter writer = new GgufWriter();
    private final DType dtype;
    private long nextSeed;

    RandomGguf(DType dtype, long seed) {
        this.dtype = dtype;
        this.nextSeed = seed;
    }

    /** Writes the file. */
    public void write(Path file) throws IOException {
        writer.write(file);
    }

    /** Hyperparameters go here. */
    GgufWriter metadata() {
        return writer;
    }

    /** A size of the shape along which the greatest matrices are cut into blocks. */
    void requireBlocks(String name, int value) {
        if (value % dtype.blockSize() != 0) {
            throw new IllegalArgumentException("shape: %s %d is not a multiple of %d, the block size of %s"
                    .formatted(name, value, dtype.blockSize(), dtype));
        }
    }

    /** What all models say of themselves, and a vocabulary. */
    void general(String architecture, int numLayers, int hiddenSize, int vocabSize) {
        writer.string("general.architecture", architecture)
                .string("general.name", "random " + numLayers + "x" + hiddenSize)
                .uint32("general.quantization_version", 2)
                .uint32(architecture + ".block_count", numLayers)
                .uint32(architecture + ".embedding_length", hiddenSize)
                .uint32(architecture + ".vocab_size", vocabSize);
        SyntheticVocabulary vocabulary = new SyntheticVocabulary(vocabSize);
        writer.string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "gpt-2")
                .strings("tokenizer.ggml.tokens", vocabulary.tokens())
                .int32s("tokenizer.ggml.token_type", vocabulary.types())
                .strings("tokenizer.ggml.merges", vocabulary.merges())
                .uint32("tokenizer.ggml.bos_token_id", vocabulary.endId())
                .uint32("tokenizer.ggml.eos_token_id", vocabulary.endId())
                .bool("tokenizer.ggml.add_bos_token", false);
    }

    /** {@code name.weight} with random numbers of the file's type, or of {@code F16} where its blocks don't divide the rows. */
    void matrix(String name, long... dims) {
        boolean fits = dims[dims.length - 1] % dtype.blockSize() == 0;
        random(name, fits ? dtype : DType.F16, dims);
    }

    /** {@code name.weight} with random numbers. */
    void random(String name, DType type, long... dims) {
        Shape shape = Shape.of(dims);
        double scale = SCALE / Math.sqrt((double) shape.dim(-1));
        writer.tensor(name + ".weight", type, shape, new RandomTensor(type, shape, nextSeed++, scale));
    }

    /** A norm: {@code name.weight} of ones and, if wanted, {@code name.bias} of zeros. */
    void norm(String name, int size, boolean bias) {
        filled(name + ".weight", 1, size);
        if (bias) {
            filled(name + ".bias", 0, size);
        }
    }

    /** A tensor of equal numbers. */
    void filled(String name, double value, long... dims) {
        float[] values = new float[Math.toIntExact(Shape.of(dims).elements())];
        Arrays.fill(values, (float) value);
        tensor(name, values, dims);
    }

    /** A tensor of given numbers. */
    void tensor(String name, float[] values, long... dims) {
        writer.tensor(name, Tensor.f32(Shape.of(dims), values));
    }
}
