package org.attention4j.loaders.onnxmodel;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.attention4j.loaders.Config;

/** Which output is the next value of an input, by the names that exporters give them. */
final class PastNames {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int MOST_DIGITS = 4;

    private final Config genai;
    private final Set<String> outputs;

    PastNames(Config genai, Set<String> outputs) {
        this.genai = genai;
        this.outputs = outputs;
    }

    /** The output that goes with an input, if there is one. */
    Optional<String> present(String input) {
        return Stream.concat(patterns(input), conventions(input))
                .filter(output -> outputs.contains(output) && !output.equals(input))
                .findFirst();
    }

    /** As {@code genai_config.json} has it: {@code past_key_names} and {@code present_key_names} with a number in them. */
    private Stream<String> patterns(String input) {
        return Stream.of("key", "value", "conv_state", "recurrent_state").map(kind -> {
            String past = genai.text("model.decoder.inputs.past_%s_names".formatted(kind), "");
            String present = genai.text("model.decoder.outputs.present_%s_names".formatted(kind), "");
            int at = past.indexOf("%d");
            return at >= 0 && present.contains("%d") && matches(input, past, at)
                    ? present.replace("%d", input.substring(at, input.length() - past.length() + at + 2))
                    : "";
        });
    }

    private static boolean matches(String input, String pattern, int at) {
        String after = pattern.substring(at + 2);
        return input.length() >= pattern.length() - 1
                && input.startsWith(pattern.substring(0, at))
                && input.endsWith(after)
                && NUMBER.matcher(input.substring(at, input.length() - after.length()))
                        .matches();
    }

    private static Stream<String> conventions(String input) {
        return Stream.of(
                input.replace("past_key_values", "present"),
                input.replace("past_key_values", "present_key_values"),
                input.replace("past", "present"),
                input.replace("past", "new"),
                input + "_out",
                input + ".next",
                "present_" + input,
                "new_" + input,
                "next_" + input,
                "out_" + input,
                input.replace("_in", "_out"));
    }

    /** The layer that an input belongs to: the first number in its name. */
    static int layer(String input) {
        Matcher m = NUMBER.matcher(input);
        return m.find() && m.group().length() <= MOST_DIGITS ? Integer.parseInt(m.group()) : 0;
    }
}
