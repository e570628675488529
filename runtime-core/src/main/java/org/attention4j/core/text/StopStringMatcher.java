package org.attention4j.core.text;

import java.util.List;
import java.util.Optional;

/**
 * Ends a stream of text before the first stop string in it. Text that may be the start of a stop string is withheld until it
 * turns out not to be, so that no part of one is ever passed on, however the stream is cut into pieces.
 *
 * <p>The first stop string is the one that is complete first; of two that end at the same character, the longer. What is
 * passed on therefore depends on the text alone, not on its pieces.
 */
public final class StopStringMatcher {
    private final List<String> stops;
    private final StringBuilder withheld = new StringBuilder();
    private Optional<String> match = Optional.empty();

    /**
     * A matcher at the start of a text.
     *
     * @throws IllegalArgumentException if a stop string is empty
     */
    public StopStringMatcher(List<String> stops) {
        if (stops.contains("")) {
            throw new IllegalArgumentException("stop: a stop string is empty, expected at least one character");
        }
        this.stops = List.copyOf(stops);
    }

    /** Adds text and returns what can be passed on; nothing once a stop string was found. */
    public String push(String text) {
        if (stopped()) {
            return "";
        }
        for (int i = 0; i < text.length() && match.isEmpty(); i++) {
            withheld.append(text.charAt(i));
            match = longestAtEnd();
        }
        int passed = match.isPresent()
                ? withheld.length() - match.get().length()
                : withheld.length() - longestBeginningAtEnd();
        String result = withheld.substring(0, passed);
        withheld.delete(0, match.isPresent() ? withheld.length() : passed);
        return result;
    }

    /** What is still withheld at the end of the text: it did not become a stop string. */
    public String flush() {
        String rest = withheld.toString();
        withheld.setLength(0);
        return rest;
    }

    /** Whether a stop string was found. */
    public boolean stopped() {
        return match.isPresent();
    }

    /** The stop string that was found. */
    public Optional<String> match() {
        return match;
    }

    private Optional<String> longestAtEnd() {
        String longest = "";
        for (String stop : stops) {
            if (stop.length() > longest.length() && endsWith(stop, stop.length())) {
                longest = stop;
            }
        }
        return longest.isEmpty() ? Optional.empty() : Optional.of(longest);
    }

    private int longestBeginningAtEnd() {
        int longest = 0;
        for (String stop : stops) {
            int length = Math.min(stop.length() - 1, withheld.length());
            while (length > longest && !endsWith(stop, length)) {
                length--;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private boolean endsWith(String stop, int length) {
        int start = withheld.length() - length;
        if (start < 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (withheld.charAt(start + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
