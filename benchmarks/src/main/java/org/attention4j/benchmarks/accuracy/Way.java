package org.attention4j.benchmarks.accuracy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.LanguageModel;
import org.attention4j.LanguageModelBuilder;
import org.attention4j.core.backend.BackendOptions;

/**
 * One way to compute a model.
 *
 * @param backend its name
 * @param settings of the backend
 * @param pins for all ops of a name, the name of the lowering
 */
record Way(String backend, ImmutableMap<String, String> settings, ImmutableMap<String, String> pins) {
    private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();
    private static final String PIN = "pin:";

    /** What all others are compared with. */
    static final Way REFERENCE = parse("reference");

    /**
     * ONNX Runtime's backend as it is; with the products that large models get; with parts replaced by something simpler; and
     * TornadoVM's.
     */
    static final ImmutableList<Way> USUAL = ImmutableList.of(
            parse("onnx"),
            parse("onnx weights=stored"),
            parse("onnx weights=stored pin:linear=matmul_nbits"),
            parse("onnx weights=stored activations=exact"),
            parse("onnx generated=false"),
            parse("onnx pin:fused_rows=decomposed"),
            parse("tornado"));

    /**
     * Reads {@code BACKEND [SETTING=VALUE | pin:OP=LOWERING]...}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Way parse(String text) {
        List<String> words = WORDS.splitToList(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("way: got nothing, expected a backend first");
        }
        ImmutableMap.Builder<String, String> settings = ImmutableMap.builder();
        ImmutableMap.Builder<String, String> pins = ImmutableMap.builder();
        for (String word : words.subList(1, words.size())) {
            boolean isPin = word.startsWith(PIN);
            String[] pair = (isPin ? word.substring(PIN.length()) : word).split("=", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException(
                        "way: got '%s', expected SETTING=VALUE or pin:OP=LOWERING".formatted(word));
            }
            (isPin ? pins : settings).put(pair[0], pair[1]);
        }
        return new Way(words.getFirst(), settings.buildOrThrow(), pins.buildOrThrow());
    }

    /** Opens a model this way. */
    LanguageModel open(String location) {
        LanguageModelBuilder builder = LanguageModel.builder(location)
                .backend(backend)
                .backendOptions(new BackendOptions(Optional.empty(), OptionalInt.empty(), settings));
        pins.forEach(builder::pin);
        return builder.open();
    }

    /** As it is written. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(backend);
        settings.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        pins.forEach((op, lowering) ->
                text.append(' ').append(PIN).append(op).append('=').append(lowering));
        return text.toString();
    }
}
