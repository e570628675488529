package org.attention4j.cli.verify;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.Map;
import org.attention4j.core.ir.TensorType;
import org.attention4j.loaders.Config;

/**
 * One recorded call of an op.
 *
 * @param id the case's name in the index
 * @param op the op, such as {@code gqa_causal}
 * @param family the kind of op, such as {@code softmax}
 * @param file the safetensors file with all its inputs and outputs by name
 * @param attrs the op's attributes, such as {@code num_heads}
 * @param inputs the inputs' types by name
 * @param outputs the outputs' types by name
 * @param tolerance how near a right implementation comes
 */
public record GoldenCase(
        String id,
        String op,
        String family,
        Path file,
        Config attrs,
        Map<String, TensorType> inputs,
        Map<String, TensorType> outputs,
        Tolerance tolerance) {
    public GoldenCase {
        inputs = ImmutableMap.copyOf(inputs);
        outputs = ImmutableMap.copyOf(outputs);
    }

    /**
     * The type of an input.
     *
     * @throws IllegalArgumentException if the case has none of that name
     */
    public TensorType input(String name) {
        TensorType type = inputs.get(name);
        if (type == null) {
            throw new IllegalArgumentException("no input %s; there are %s".formatted(name, inputs.keySet()));
        }
        return type;
    }

    /**
     * The type of an output.
     *
     * @throws IllegalArgumentException if the case has none of that name
     */
    public TensorType output(String name) {
        TensorType type = outputs.get(name);
        if (type == null) {
            throw new IllegalArgumentException("no output %s; there are %s".formatted(name, outputs.keySet()));
        }
        return type;
    }
}
