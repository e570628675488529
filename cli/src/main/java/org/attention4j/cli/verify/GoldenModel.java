package org.attention4j.cli.verify;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A model whose logits somebody else's code recorded.
 *
 * @param id the case's name in the index
 * @param name the model's name, such as {@code llama_yarn}
 * @param path a GGUF file or a directory in the Hugging Face layout
 * @param reference the safetensors file with {@code input_ids [1, T]}, {@code sequence_ids [1, T + n]} and {@code logits [T +
 *     n, V]} of the model with weights in full precision
 * @param greedy the n most probable tokens after {@code input_ids}
 * @param tolerance how near the logits come with these weights
 * @param storedError how far a known implementation's logits were from the recorded ones with this file's weights, which may
 *     be rounded or quantised
 */
public record GoldenModel(
        String id,
        String name,
        Path path,
        Path reference,
        ImmutableIntArray greedy,
        Tolerance tolerance,
        OptionalDouble storedError) {}
