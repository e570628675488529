package org.attention4j.core.external;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;

/**
 * A decoder that an engine runs as it is.
 *
 * @param format the files' format, such as {@code onnx}
 * @param file the file that the engine loads
 * @param inputs all inputs but the states
 * @param logits the output {@code [batch, seq or fewer, vocabSize]}
 * @param states the states, in an order that stays
 * @param vocabSize the ids that tokens may have
 */
public record ExternalDecoder(
        String format,
        Path file,
        List<ExternalInput> inputs,
        String logits,
        List<ExternalState> states,
        int vocabSize) {
    public ExternalDecoder {
        inputs = ImmutableList.copyOf(inputs);
        states = ImmutableList.copyOf(states);
    }
}
