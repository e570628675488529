package org.attention4j.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.attention4j.benchmarks.compare.FigureSource.Origin;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads plans; {@code docs/performance.md} has their format. */
final class PlanReader {
    /** The most rounds. */
    static final int MAX_ROUNDS = 1000;

    private static final double DEFAULT_TIMEOUT = 1800;
    private static final double MAX_SECONDS = 1e6;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PlanReader() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is no plan, with the place in the file and what was expected there
     */
    static Plan read(Path file) throws IOException {
        Place top = new Place(file, "", document(file));
        top.object("figures", "contestants", "rounds", "timeout_seconds", "pause_seconds");
        List<Figure> figures = figures(top.at("figures"));
        List<Contestant> contestants = new ArrayList<>();
        for (Place place : top.at("contestants").elements(2)) {
            contestants.add(contestant(place, figures));
        }
        distinctNames(top.at("contestants"), contestants);
        return new Plan(
                figures,
                List.copyOf(contestants),
                contestants.get(ours(top.at("contestants").elements(2))),
                top.find("rounds")
                        .map(place -> OptionalInt.of(place.integer(1, MAX_ROUNDS)))
                        .orElse(OptionalInt.empty()),
                seconds(top, "timeout_seconds", 0.001, DEFAULT_TIMEOUT),
                seconds(top, "pause_seconds", 0, 0));
    }

    private static JsonNode document(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            TokenStreamLocation where = e.getLocation();
            throw new IllegalArgumentException(
                    "%s: at line %d, column %d: %s, expected JSON"
                            .formatted(file, where.getLineNr(), where.getColumnNr(), e.getOriginalMessage()),
                    e);
        }
    }

    private static Duration seconds(Place top, String key, double least, double otherwise) {
        double seconds =
                top.find(key).map(place -> place.number(least, MAX_SECONDS)).orElse(otherwise);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static List<Figure> figures(Place all) {
        List<Figure> figures = new ArrayList<>();
        all.members().forEach((name, place) -> {
            place.object("unit", "larger_is_better");
            figures.add(new Figure(
                    name,
                    place.at("unit").text(),
                    place.find("larger_is_better").map(Place::flag).orElse(true)));
        });
        if (figures.isEmpty()) {
            throw all.bad("at least one figure");
        }
        return List.copyOf(figures);
    }

    private static void distinctNames(Place all, List<Contestant> contestants) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < contestants.size(); i++) {
            if (!names.add(contestants.get(i).name())) {
                throw all.elements(2).get(i).at("name").bad("a name that no other contestant has");
            }
        }
    }

    /** Which contestant is ours: the one that says so, else the first. */
    private static int ours(List<Place> contestants) {
        int ours = -1;
        for (int i = 0; i < contestants.size(); i++) {
            if (contestants.get(i).find("ours").map(Place::flag).orElse(false)) {
                if (ours >= 0) {
                    throw contestants.get(i).at("ours").bad("false: contestant %d is ours already".formatted(ours));
                }
                ours = i;
            }
        }
        return Math.max(0, ours);
    }

    private static Contestant contestant(Place place, List<Figure> figures) {
        place.object("name", "ours", "command", "directory", "environment", "figures");
        List<String> command = new ArrayList<>();
        for (Place word : place.at("command").elements(1)) {
            command.add(command.isEmpty() ? word.text() : word.string());
        }
        Map<String, String> environment = new LinkedHashMap<>();
        place.find("environment")
                .ifPresent(all -> all.members().forEach((name, value) -> environment.put(name, value.string())));
        return new Contestant(
                place.at("name").text(),
                List.copyOf(command),
                place.find("directory").map(directory -> Path.of(directory.text())),
                environment,
                sources(place.at("figures"), figures));
    }

    private static Map<String, FigureSource> sources(Place all, List<Figure> figures) {
        List<String> known = figures.stream().map(Figure::name).toList();
        Map<String, FigureSource> sources = new LinkedHashMap<>();
        all.members().forEach((name, place) -> {
            if (!known.contains(name)) {
                throw place.bad("one of the figures " + String.join(", ", known));
            }
            sources.put(name, source(place));
        });
        if (sources.isEmpty()) {
            throw all.bad("at least one figure");
        }
        return sources;
    }

    private static FigureSource source(Place place) {
        place.object("from", "file", "json", "json_line", "regex", "numerator");
        return new FigureSource(
                origin(place),
                extraction(place),
                place.find("numerator")
                        .map(n -> OptionalDouble.of(n.number(Double.MIN_NORMAL, Double.MAX_VALUE)))
                        .orElse(OptionalDouble.empty()));
    }

    private static Origin origin(Place place) {
        if (place.find("file").isPresent()) {
            place.find("from").ifPresent(from -> {
                throw from.bad("nothing beside \"file\"");
            });
            return new Origin.Written(Path.of(place.at("file").text()));
        }
        return place.find("from").map(PlanReader::stream).orElse(new Origin.Stdout());
    }

    private static Origin stream(Place from) {
        return switch (from.text()) {
            case "stdout" -> new Origin.Stdout();
            case "stderr" -> new Origin.Stderr();
            default -> throw from.bad("stdout or stderr");
        };
    }

    private static Extraction extraction(Place place) {
        List<Extraction> given = Stream.of(
                        place.find("json").map(p -> json(p, false)),
                        place.find("json_line").map(p -> json(p, true)),
                        place.find("regex").map(PlanReader::regex))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() != 1) {
            throw place.bad("one of the keys json, json_line, regex");
        }
        return given.getFirst();
    }

    private static Extraction json(Place place, boolean lastLine) {
        try {
            return new Extraction.Json(JsonPointer.compile(place.string()), lastLine);
        } catch (IllegalArgumentException e) {
            throw place.bad("a JSON pointer such as /results/0/median");
        }
    }

    private static Extraction regex(Place place) {
        try {
            Pattern pattern = Pattern.compile(place.text());
            if (pattern.matcher("").groupCount() == 1) {
                return new Extraction.LastMatch(pattern);
            }
        } catch (PatternSyntaxException e) {
            throw place.bad("a regular expression, but " + e.getDescription() + " near index " + e.getIndex());
        }
        throw place.bad("a regular expression with one group");
    }
}
