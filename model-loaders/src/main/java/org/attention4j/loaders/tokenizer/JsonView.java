package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;

/**
 * A value of a JSON document, with checked access to what it holds. Errors name the file and the value's path in it.
 *
 * @param file the document
 * @param path where the value is, for example {@code model.merges[3]}; empty for the document itself
 * @param value one of the kinds that {@link Json#value} returns
 */
record JsonView(Path file, String path, Object value) {
    /** Reads a document of at most {@code maxBytes} bytes, which must be an object. */
    static JsonView read(Path file, long maxBytes) {
        Map<String, Object> members = new LinkedHashMap<>();
        Json.readObject(file, maxBytes, (key, parser) -> Json.value(parser).ifPresent(v -> members.put(key, v)));
        return new JsonView(file, "", members);
    }

    /** The member of an object, unless it is absent or null. */
    Optional<JsonView> find(String key) {
        return Optional.ofNullable(object().get(key)).map(v -> child(key, v));
    }

    /** The member of an object. */
    JsonView get(String key) {
        return find(key).orElseThrow(() -> error("has no " + quote(key)));
    }

    /** All members of an object. */
    Map<String, JsonView> members() {
        Map<String, JsonView> members = LinkedHashMap.newLinkedHashMap(object().size());
        object().forEach((key, v) -> members.put(key.toString(), child(key.toString(), v)));
        return members;
    }

    /** The elements of an array. */
    List<JsonView> elements() {
        if (!(value instanceof List<?> list)) {
            throw bad("an array");
        }
        List<JsonView> elements = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            elements.add(new JsonView(file, path + "[" + i + "]", list.get(i)));
        }
        return elements;
    }

    /** A string. */
    String text() {
        if (!(value instanceof String text)) {
            throw bad("a string");
        }
        return text;
    }

    /** A token id: an integer from 0 to 2³¹ − 1. */
    int id() {
        if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
            throw bad("a token id");
        }
        return number.intValue();
    }

    /** The member of an object, which must be true or false unless it is absent. */
    boolean flag(String key, boolean fallback) {
        return find(key).map(JsonView::flag).orElse(fallback);
    }

    /** The member {@code type} of an object. */
    String type() {
        return get("type").text();
    }

    /** The error for a value that is not what it should be. */
    ModelFormatException bad(String expected) {
        String actual = switch (value) {
            case String text -> quote(text);
            case Map<?, ?> map -> "an object";
            case List<?> list -> "an array of " + list.size();
            default -> quote(value.toString());
        };
        return error("is %s, expected %s".formatted(actual, expected));
    }

    /** An error in this value. */
    ModelFormatException error(String detail) {
        return new ModelFormatException(file, (path.isEmpty() ? "the document" : quote(path)) + " " + detail);
    }

    private boolean flag() {
        if (!(value instanceof Boolean flag)) {
            throw bad("true or false");
        }
        return flag;
    }

    private Map<?, ?> object() {
        if (!(value instanceof Map<?, ?> map)) {
            throw bad("an object");
        }
        return map;
    }

    private JsonView child(String key, Object member) {
        return new JsonView(file, path.isEmpty() ? key : path + "." + key, member);
    }
}
