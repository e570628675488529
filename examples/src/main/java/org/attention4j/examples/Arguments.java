package org.attention4j.examples;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attention4j.LanguageModel;
import org.attention4j.LanguageModelBuilder;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;

/**
 * What a sample was started with.
 *
 * @param options by name, without dashes, the value that the user gave
 * @param words what else was given
 */
public record Arguments(ImmutableMap<String, String> options, ImmutableList<String> words) {
    private static final Pattern OPTION = Pattern.compile("\\[--([a-z-]+) ");
    private static final Splitter LIST = Splitter.on(',').trimResults().omitEmptyStrings();

    /**
     * Reads arguments as {@link Sample#options} announces them.
     *
     * @throws IllegalArgumentException if there is another, or one has no value
     */
    public static Arguments parse(Sample sample, String... args) {
        Set<String> known = new LinkedHashSet<>();
        Matcher matcher = OPTION.matcher(sample.options());
        while (matcher.find()) {
            known.add(matcher.group(1));
        }
        Map<String, String> options = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("--")) {
                words.add(args[i]);
            } else if (known.contains(args[i].substring(2)) && i + 1 < args.length) {
                options.put(args[i].substring(2), args[i + 1]);
                i++;
            } else {
                throw unexpected(sample, args[i]);
            }
        }
        if (!words.isEmpty() && !sample.options().contains("...")) {
            throw unexpected(sample, words.getFirst());
        }
        return new Arguments(ImmutableMap.copyOf(options), ImmutableList.copyOf(words));
    }

    private static IllegalArgumentException unexpected(Sample sample, String got) {
        return new IllegalArgumentException(
                "example %s: got %s, expected %s".formatted(sample.name(), got, sample.options()));
    }

    /** The value of an option, if it was given. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * The value of an option that is a number.
     *
     * @throws IllegalArgumentException if it is none, or less than 1
     */
    public int number(String name, int fallback) {
        String value = option(name).orElse(Integer.toString(fallback));
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("--%s: got %s, expected a number from 1 on".formatted(name, value));
        }
        return Integer.parseInt(value);
    }

    /** The values of an option, separated by commas. */
    public List<String> list(String name, String fallback) {
        return LIST.splitToList(option(name).orElse(fallback));
    }

    /** The other words as one text, if there are any. */
    public Optional<String> text() {
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
    }

    /** {@code LanguageModel.builder(location).backend("onnx").open()}, with the backend that the user chose or the best one. */
    public LanguageModel open(String location) {
        LanguageModelBuilder builder = LanguageModel.builder(location);
        option("backend").ifPresent(builder::backend);
        return builder.open();
    }

    /** {@code Backends.create("onnx", BackendOptions.DEFAULT)}, with the backend that the user chose or the best one. */
    public Backend backend() {
        return option("backend")
                .map(name -> Backends.create(name, BackendOptions.DEFAULT))
                .orElseGet(() -> Backends.createDefault(BackendOptions.DEFAULT));
    }
}
