package org.attention4j.examples.support;

/** The part of a text between {@code <!-- NAME:begin -->} and {@code <!-- NAME:end -->}, each on a line of its own. */
record MarkedSection(String text, int from, int to) {
    /**
     * Finds it.
     *
     * @throws IllegalArgumentException if the markers are not there, in this order
     */
    static MarkedSection find(String text, String name) {
        String begin = "<!-- " + name + ":begin -->\n";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("<!-- " + name + ":end -->\n", from);
        if (from < begin.length() || to < 0) {
            throw new IllegalArgumentException(
                    "no section between the markers %s:begin and %s:end".formatted(name, name));
        }
        return new MarkedSection(text, from, to);
    }

    /** What is between the markers. */
    String content() {
        return text.substring(from, to);
    }

    /** The whole text with something else between them. */
    String replaceBy(String content) {
        return text.substring(0, from) + content + text.substring(to);
    }
}
