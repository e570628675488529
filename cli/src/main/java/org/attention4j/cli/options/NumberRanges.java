package org.attention4j.cli.options;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers from 0 and ranges of them, such as {@code 0,3-5}. */
public final class NumberRanges implements ITypeConverter<ImmutableSortedSet<Integer>> {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    @Override
    public ImmutableSortedSet<Integer> convert(String text) {
        Set<Integer> numbers = new TreeSet<>();
        for (String part : Splitter.on(',').split(text)) {
            Matcher m = RANGE.matcher(part.strip());
            if (!m.matches()) {
                throw wrong(text);
            }
            int first = Integer.parseInt(m.group(1));
            int last = m.group(2) == null ? first : Integer.parseInt(m.group(2));
            if (last < first) {
                throw wrong(text);
            }
            IntStream.rangeClosed(first, last).forEach(numbers::add);
        }
        return ImmutableSortedSet.copyOf(numbers);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("got %s, expected numbers and ranges such as 0,3-5".formatted(text));
    }
}
