package org.attention4j.loaders.io;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.ModelFormatException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Strict reading of JSON files of unknown origin: one document of well-formed UTF-8, without duplicate keys, nested at most
 * {@value #MAX_DEPTH} deep. The numbers {@code NaN} and {@code Infinity} are accepted, since Python writes them.
 */
public final class Json {
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // Keys are mostly tensor names, each seen once: a symbol table would only cost.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(100)
                    .build())
            .build();

    private Json() {}

    /** Receives the members of an object, one after the other. */
    @FunctionalInterface
    public interface Members {
        /** The parser is at the first token of the member's value and must be left at its last. */
        void member(String key, JsonParser value);
    }

    /** Reads the document, which must be an object, and hands its members to {@code members} without keeping them. */
    public static void readObject(Path file, MemorySegment json, Members members) {
        InputStreamReader reader =
                new InputStreamReader(new SegmentInputStream(json), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), reader)) {
            parser.nextToken();
            members(file, "the JSON document", parser, members);
            if (parser.nextToken() != null) {
                throw new ModelFormatException(file, "text follows the end of the JSON object");
            }
        } catch (JacksonException e) {
            throw new ModelFormatException(file, complaint(e), e);
        }
    }

    /**
     * Maps a file of at most {@code maxBytes} bytes and reads it like {@link #readObject(Path, MemorySegment, Members)}.
     */
    public static void readObject(Path file, long maxBytes, Members members) {
        try (MappedFile mapped = MappedFile.open(file)) {
            requireSize(file, mapped, maxBytes);
            readObject(file, mapped.bytes(), members);
        }
    }

    /**
     * The document in a file of at most {@code maxBytes} bytes, as {@link #value} gives it: an object or an array.
     *
     * @throws ModelFormatException if the file can't be read, is larger, or is something else
     */
    public static Object document(Path file, long maxBytes) {
        try (MappedFile mapped = MappedFile.open(file)) {
            requireSize(file, mapped, maxBytes);
            return document(file, mapped.bytes());
        }
    }

    private static Object document(Path file, MemorySegment json) {
        InputStreamReader reader =
                new InputStreamReader(new SegmentInputStream(json), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), reader)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
                throw new ModelFormatException(file, "the JSON document is neither an object nor an array");
            }
            Object value = value(parser).orElseThrow();
            if (parser.nextToken() != null) {
                throw new ModelFormatException(file, "text follows the end of the JSON document");
            }
            return value;
        } catch (JacksonException e) {
            throw new ModelFormatException(file, complaint(e), e);
        }
    }

    private static void requireSize(Path file, MappedFile mapped, long maxBytes) {
        long size = mapped.bytes().byteSize();
        if (size > maxBytes) {
            throw new ModelFormatException(
                    file, "the file has %d bytes, expected at most %d".formatted(size, maxBytes));
        }
    }

    /**
     * The value that starts at the parser's token: a {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean},
     * {@code String}, {@code List} or {@code Map}; empty for {@code null}, which lists and maps leave out.
     */
    public static Optional<Object> value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> Optional.empty();
            case VALUE_STRING -> Optional.of(parser.getString());
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            case VALUE_NUMBER_FLOAT -> Optional.of(parser.getDoubleValue());
            case VALUE_NUMBER_INT -> Optional.of(integer(parser));
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser).ifPresent(list::add);
                }
                yield Optional.of(list);
            }
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    value(parser).ifPresent(v -> map.put(key, v));
                }
                yield Optional.of(map);
            }
            default -> throw new IllegalStateException("no JSON value starts with " + parser.currentToken());
        };
    }

    /** The members of the object that starts at the parser's token. */
    public static void members(Path file, String what, JsonParser parser, Members members) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new ModelFormatException(file, "%s is not an object".formatted(what));
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.member(key, parser);
        }
    }

    /** The array of non-negative integers that starts at the parser's token. */
    public static long[] sizes(Path file, String what, JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new ModelFormatException(file, "%s is not an array".formatted(what));
        }
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || !(integer(parser) instanceof Long n) || n < 0) {
                throw new ModelFormatException(
                        file,
                        "%s holds %s, expected integers from 0 to 2^63 - 1".formatted(what, quote(parser.getString())));
            }
            sizes.add(n);
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    /** The string at the parser's token. */
    public static String string(Path file, String what, JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new ModelFormatException(file, "%s is not a string".formatted(what));
        }
        return parser.getString();
    }

    private static Number integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getBigIntegerValue();
        };
    }

    private static String complaint(JacksonException e) {
        if (e.getCause() instanceof CharacterCodingException) {
            return "not valid UTF-8";
        }
        String where = Optional.ofNullable(e.getLocation())
                .map(l -> " at line %d, column %d".formatted(l.getLineNr(), l.getColumnNr()))
                .orElse("");
        return "not valid JSON%s: %s".formatted(where, e.getOriginalMessage());
    }
}
