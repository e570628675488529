package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;

/**
 * A value of a JSON document, with checked access to what it holds. Errors name the file and the value's path in it.
 *
 * @param file the document
 * @param path what says where the value is, for example {@code model.merges[3]}, and nothing for the document itself: only errors
 *     make it a text
 * @param value one of the kinds that {@link Json#value} returns
 */
record JsonView(Path file, Object path, Object value) {
    private record Member(Object parent, String key) {
        @Override
        public String toString() {
            String before = parent.toString();
            return before.isEmpty() ? key : before + "." + key;
        }
    }

    private record Element(Object parent, int index) {
        @Override
        public String toString() {
            return parent + "[" + index + "]";
        }
    }

    /** Reads a document of at most {@code maxBytes} bytes, which must be an object. */
    static JsonView read(Path file, long maxBytes) {
        Map<String, Object> members = new LinkedHashMap<>();
        Json.readObject(file, maxBytes, (key, parser) -> Json.value(parser).ifPresent(v -> members.put(key, v)));
        return new JsonView(file, "", members);
    }

    /** The same without the member {@code key} of the object {@code parent} in the document: it is passed over. */
    static JsonView readWithout(Path file, long maxBytes, String parent, String key) {
        Map<String, Object> members = new LinkedHashMap<>();
        Json.readObject(file, maxBytes, (name, parser) -> {
            if (!name.equals(parent)) {
                Json.value(parser).ifPresent(v -> members.put(name, v));
                return;
            }
            Map<String, Object> inner = new LinkedHashMap<>();
            Json.members(file, parent, parser, (innerName, value) -> {
                if (innerName.equals(key)) {
                    value.skipChildren();
                } else {
                    Json.value(value).ifPresent(v -> inner.put(innerName, v));
                }
            });
            members.put(parent, inner);
        });
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

    /** Hands over the members of an object one by one. */
    void forEachMember(BiConsumer<String, JsonView> use) {
        object().forEach((key, v) -> use.accept(key.toString(), child(key.toString(), v)));
    }

    /** All members of an object. */
    Map<String, JsonView> members() {
        Map<String, JsonView> members = LinkedHashMap.newLinkedHashMap(object().size());
        forEachMember(members::put);
        return members;
    }

    /** The elements of an array. */
    List<JsonView> elements() {
        if (!(value instanceof List<?> list)) {
            throw bad("an array");
        }
        List<JsonView> elements = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            elements.add(new JsonView(file, new Element(path, i), list.get(i)));
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
        String where = path.toString();
        return new ModelFormatException(file, (where.isEmpty() ? "the document" : quote(where)) + " " + detail);
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
        return new JsonView(file, new Member(path, key), member);
    }
}
