package org.attention4j.cli.random;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.gguf.GgufWriter;

/**
 * Writes a llama model, or one like Mixtral, with random weights as a GGUF file. Weights of a matrix with n columns have the standard deviation
 * {@code 0.6 / √n}, so that activations neither fade nor explode; the output projection is the embedding table.
 */
public final class RandomLlama {
    private static final double SCALE = 0.6;

    private final LlamaShape shape;
    private final DType dtype;
    private final GgufWriter writer = new GgufWriter();
    private long nextSeed;

    /**
     * A model to be written.
     *
     * @param dtype the type of the matrices; norms and routers are {@code F32}
     * @throws IllegalArgumentException if the type's blocks don't divide the shape's rows
     */
    public RandomLlama(LlamaShape shape, DType dtype, long seed) {
        this.shape = shape;
        this.dtype = dtype;
        this.nextSeed = seed;
        requireBlocks("d", shape.hiddenSize());
        requireBlocks("ff", shape.intermediateSize());
    }

    private void requireBlocks(String name, int value) {
        if (value % dtype.blockSize() != 0) {
            throw new IllegalArgumentException("shape: %s %d is not a multiple of %d, the block size of %s"
                    .formatted(name, value, dtype.blockSize(), dtype));
        }
    }

    /** Writes the file. */
    public void write(Path file) throws IOException {
        hyperparameters();
        vocabulary();
        long d = shape.hiddenSize();
        long kv = (long) shape.numKvHeads() * shape.headDim();
        long ff = shape.intermediateSize();
        matrix("token_embd", shape.vocabSize(), d);
        for (int i = 0; i < shape.numLayers(); i++) {
            String layer = "blk." + i + ".";
            norm(layer + "attn_norm");
            matrix(layer + "attn_q", d, d);
            matrix(layer + "attn_k", kv, d);
            matrix(layer + "attn_v", kv, d);
            matrix(layer + "attn_output", d, d);
            norm(layer + "ffn_norm");
            if (shape.numExperts() > 0) {
                experts(layer, shape.numExperts(), ff, d);
            } else {
                matrix(layer + "ffn_gate", ff, d);
                matrix(layer + "ffn_up", ff, d);
                matrix(layer + "ffn_down", d, ff);
            }
        }
        norm("output_norm");
        writer.write(file);
    }

    private void hyperparameters() {
        writer.string("general.architecture", "llama")
                .string("general.name", "random " + shape.numLayers() + "x" + shape.hiddenSize())
                .uint32("general.quantization_version", 2)
                .uint32("llama.block_count", shape.numLayers())
                .uint32("llama.context_length", shape.contextLength())
                .uint32("llama.embedding_length", shape.hiddenSize())
                .uint32("llama.feed_forward_length", shape.intermediateSize())
                .uint32("llama.attention.head_count", shape.numHeads())
                .uint32("llama.attention.head_count_kv", shape.numKvHeads())
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
                .uint32("llama.rope.dimension_count", shape.headDim())
                .float32("llama.rope.freq_base", shape.ropeTheta())
                .uint32("llama.vocab_size", shape.vocabSize());
        if (shape.numExperts() > 0) {
            writer.uint32("llama.expert_count", shape.numExperts())
                    .uint32("llama.expert_used_count", shape.numChosen());
        }
    }

    private void vocabulary() {
        SyntheticVocabulary vocabulary = new SyntheticVocabulary(shape.vocabSize());
        writer.string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "gpt-2")
                .strings("tokenizer.ggml.tokens", vocabulary.tokens())
                .int32s("tokenizer.ggml.token_type", vocabulary.types())
                .strings("tokenizer.ggml.merges", vocabulary.merges())
                .uint32("tokenizer.ggml.bos_token_id", vocabulary.endId())
                .uint32("tokenizer.ggml.eos_token_id", vocabulary.endId())
                .bool("tokenizer.ggml.add_bos_token", false);
    }

    private void experts(String layer, long count, long ff, long d) {
        random(layer + "ffn_gate_inp", DType.F32, Shape.of(count, d));
        random(layer + "ffn_gate_exps", dtype, Shape.of(count, ff, d));
        random(layer + "ffn_up_exps", dtype, Shape.of(count, ff, d));
        random(layer + "ffn_down_exps", dtype, Shape.of(count, d, ff));
    }

    private void matrix(String name, long rows, long columns) {
        random(name, dtype, Shape.of(rows, columns));
    }

    private void random(String name, DType type, Shape dims) {
        double scale = SCALE / Math.sqrt((double) dims.dim(-1));
        writer.tensor(name + ".weight", type, dims, new RandomTensor(type, dims, nextSeed++, scale));
    }

    private void norm(String name) {
        float[] ones = new float[shape.hiddenSize()];
        Arrays.fill(ones, 1);
        writer.tensor(name + ".weight", Tensor.f32(Shape.of(ones.length), ones));
    }
}
