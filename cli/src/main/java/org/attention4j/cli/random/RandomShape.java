package org.attention4j.cli.random;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import org.attention4j.core.tensor.DType;

/** The sizes of a model that can be written with random weights, for benchmarks. */
public sealed interface RandomShape permits LlamaShape, MambaShape, Phi3Shape, Rwkv7Shape {
    /**
     * Shapes of published models: SmolLM2 135M, Llama 3.2 1B, Mamba 130M, Mamba-2 130M, RWKV-7 190M (World); eight experts of
     * which two are chosen, a billion weights in all; and as many without experts.
     */
    ImmutableMap<String, RandomShape> NAMED = ImmutableMap.<String, RandomShape>builder()
            .put("S", LlamaShape.dense(576, 30, 9, 3, 1536, 49_152, 8192, 1e5))
            .put("M", LlamaShape.dense(2048, 16, 32, 8, 8192, 128_256, 131_072, 5e5))
            .put("MoE", new LlamaShape(1024, 16, 16, 4, 2368, 32_000, 4096, 1e4, 8, 2))
            .put("MoE-dense", LlamaShape.dense(1024, 16, 16, 4, 8 * 2368, 32_000, 4096, 1e4))
            .put("mamba130m", MambaShape.first(768, 24, 16, 48, 50_280))
            .put("mamba2_130m", MambaShape.second(768, 24, 128, 24, 1, 50_288))
            .put("rwkv7_190m", new Rwkv7Shape(768, 12, 3072, 64, new Rwkv7Shape.Ranks(64, 64, 32, 128), 65_536))
            .buildOrThrow();

    /**
     * Reads a shape: a name in {@link #NAMED}, or {@code llama:} and sizes as {@link LlamaShape#sized} takes them, or {@code
     * phi3:} and sizes as {@link Phi3Shape#sized} does.
     *
     * @throws IllegalArgumentException if it is something else, saying what is wrong
     */
    static RandomShape parse(String text) {
        RandomShape named = NAMED.get(text);
        if (named != null) {
            return named;
        }
        if (text.startsWith(LlamaShape.PREFIX)) {
            return LlamaShape.sized(text.substring(LlamaShape.PREFIX.length()));
        }
        if (text.startsWith(Phi3Shape.PREFIX)) {
            return Phi3Shape.sized(text.substring(Phi3Shape.PREFIX.length()));
        }
        throw new IllegalArgumentException("shape: got %s, expected one of %s or %s or %sd=...,layers=...,heads=..."
                .formatted(text, String.join(", ", NAMED.keySet()), LlamaShape.PREFIX, Phi3Shape.PREFIX));
    }

    /**
     * A GGUF file of this shape, to be written by {@link RandomGguf#write(Path)}.
     *
     * @param dtype the type of the matrices, as far as its blocks divide their rows; norms and the like are {@code F32}
     * @param seed equal seeds give equal files
     * @throws IllegalArgumentException if the type's blocks don't divide the rows of the greatest matrices
     */
    RandomGguf random(DType dtype, long seed);
}
