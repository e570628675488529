package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import com.hubspot.jinjava.objects.date.InvalidDateFormatException;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that every template may call: those of Jinja2 that chat templates use, and those of transformers. */
final class Globals {
    private static final int LONGEST_TIME_FORMAT = 200;

    private Globals() {}

    static ImmutableMap<String, Object> all(Budget budget, ZonedDateTime now) {
        return ImmutableMap.of(
                "range", (Callable) arguments -> range(budget, arguments),
                "namespace", (Callable) arguments -> namespace(arguments),
                "dict", (Callable) arguments -> map(budget, arguments),
                "raise_exception", (Callable) Globals::raise,
                "strftime_now", (Callable) arguments -> time(now, arguments));
    }

    private static List<Object> range(Budget budget, Arguments arguments) {
        arguments.atMost(3);
        boolean single = arguments.positional().size() < 2;
        long start = single ? 0 : arguments.integer(0, "start");
        long stop = arguments.integer(single ? 0 : 1, "stop");
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw new TemplateFailure("range: got the step 0, expected another");
        }
        budget.spendElements(Math.max(0, Math.ceilDiv(stop - start, step)));
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            numbers.add(i);
        }
        return numbers;
    }

    private static Namespace namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        for (Object initial : arguments.positional()) {
            if (!(initial instanceof Map<?, ?> map)) {
                throw TemplateFailure.unexpected("namespace", initial, "a map");
            }
            map.forEach((key, value) -> namespace.attributes().put(String.valueOf(key), value));
        }
        namespace.attributes().putAll(arguments.named());
        return namespace;
    }

    private static Map<Object, Object> map(Budget budget, Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object initial : arguments
                .atMost(1, arguments.named().keySet().toArray(String[]::new))
                .positional()) {
            if (!(initial instanceof Map<?, ?> other)) {
                throw TemplateFailure.unexpected("dict", initial, "a map");
            }
            budget.spendElements(other.size());
            map.putAll(other);
        }
        map.putAll(arguments.named());
        return map;
    }

    private static Object raise(Arguments arguments) {
        Object message = arguments.get(0, "message");
        throw new TemplateFailure(message instanceof String text ? text : Values.describe(message));
    }

    private static String time(ZonedDateTime now, Arguments arguments) {
        String format = arguments.text(0, "format");
        if (format.length() > LONGEST_TIME_FORMAT) {
            throw new TemplateFailure("strftime_now: got a format of %d characters, expected at most %d"
                    .formatted(format.length(), LONGEST_TIME_FORMAT));
        }
        try {
            return StrftimeFormatter.format(now, format, Locale.ENGLISH);
        } catch (InvalidDateFormatException e) {
            throw new TemplateFailure("strftime_now: unknown format '%s'".formatted(format));
        }
    }
}
