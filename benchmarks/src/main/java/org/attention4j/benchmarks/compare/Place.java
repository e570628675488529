package org.attention4j.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A value in a JSON file, which knows where it stands. Getters check what they get, and complain with the place.
 *
 * @param pointer its JSON pointer
 */
record Place(Path file, String pointer, JsonNode node) {
    /** The complaint about this value. */
    IllegalArgumentException bad(String expected) {
        String got = node.isMissingNode() ? "nothing" : node.isContainer() ? kind() : node.toString();
        return new IllegalArgumentException("%s: at %s: got %s, expected %s"
                .formatted(file, pointer.isEmpty() ? "the top" : pointer, got, expected));
    }

    private String kind() {
        return (node.isArray() ? "an array of " : "an object of ") + node.size();
    }

    /** What stands under a key, maybe nothing. Only of an object. */
    Place at(String key) {
        return new Place(file, pointer + "/" + key.replace("~", "~0").replace("/", "~1"), node.path(key));
    }

    /** The same, if there is something. */
    Optional<Place> find(String key) {
        return Optional.of(at(key)).filter(place -> !place.node.isMissingNode());
    }

    /** This object, of which no keys but these may be there: a misspelt one would be without effect. */
    Place object(String... keys) {
        members();
        Set<String> unknown = new TreeSet<>(node.propertyNames());
        Set<String> known = new TreeSet<>(List.of(keys));
        unknown.removeAll(known);
        for (String key : unknown) {
            throw at(key).bad("none but the keys " + String.join(", ", known));
        }
        return this;
    }

    /** The members of this object, in the file's order, by their keys. */
    Map<String, Place> members() {
        if (!node.isObject()) {
            throw bad("an object");
        }
        Map<String, Place> members = new LinkedHashMap<>();
        node.propertyNames().forEach(key -> members.put(key, at(key)));
        return members;
    }

    /** The elements of this array, of which there are at least so many. */
    List<Place> elements(int least) {
        if (!node.isArray() || node.size() < least) {
            throw bad("an array of at least " + least);
        }
        List<Place> elements = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            elements.add(new Place(file, pointer + "/" + i, node.get(i)));
        }
        return elements;
    }

    /** This string, which is not empty. */
    String text() {
        String text = string();
        if (text.isBlank()) {
            throw bad("a string that is not blank");
        }
        return text;
    }

    /** This string. */
    String string() {
        if (!node.isString()) {
            throw bad("a string");
        }
        return node.stringValue();
    }

    /** This truth value. */
    boolean flag() {
        if (!node.isBoolean()) {
            throw bad("true or false");
        }
        return node.booleanValue();
    }

    /** This number in a range. */
    double number(double least, double most) {
        if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
            throw bad(Numbers.format("a number from %s to %s", least, most));
        }
        return node.doubleValue();
    }

    /** This integer in a range. */
    int integer(int least, int most) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw bad("an integer from %d to %d".formatted(least, most));
        }
        return node.intValue();
    }
}
