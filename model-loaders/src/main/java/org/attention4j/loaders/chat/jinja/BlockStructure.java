package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayDeque;
import java.util.Deque;

/** Which tags there are and how they may nest. */
final class BlockStructure {
    private static final int MAX_DEPTH = 100;

    /** Tags with an end, and the tags that may stand between. */
    private static final ImmutableMap<String, ImmutableSet<String>> BLOCKS = ImmutableMap.of(
            "if", ImmutableSet.of("elif", "else"),
            "for", ImmutableSet.of("else"),
            "macro", ImmutableSet.of(),
            "call", ImmutableSet.of(),
            "filter", ImmutableSet.of(),
            "set", ImmutableSet.of(),
            "generation", ImmutableSet.of());

    private static final ImmutableSet<String> SINGLE = ImmutableSet.of("break", "continue");

    /** Marks what an assistant said for training; rendering leaves it as it is. */
    private static final String GENERATION = "generation";

    private final Deque<Block> open = new ArrayDeque<>();

    private record Block(String name, int line) {}

    /**
     * Takes the next tag.
     *
     * @param line where it begins
     * @return whether it is of concern for rendering
     */
    boolean accept(String name, String helpers, int line) {
        if (BLOCKS.containsKey(name)) {
            if (!name.equals("set") || SetTag.isBlock(helpers)) {
                open(name, line);
            }
        } else if (name.startsWith("end") && BLOCKS.containsKey(name.substring(3))) {
            close(name);
        } else if (name.equals("else") || name.equals("elif")) {
            if (open.isEmpty() || !allowed(open.element().name()).contains(name)) {
                throw new TemplateFailure("unexpected tag '%s'".formatted(name));
            }
        } else if (!SINGLE.contains(name)) {
            throw new TemplateFailure("unknown tag '%s', expected one of %s, %s"
                    .formatted(name, String.join(", ", BLOCKS.keySet()), String.join(", ", SINGLE)));
        }
        return !name.endsWith(GENERATION);
    }

    private static ImmutableSet<String> allowed(String block) {
        return BLOCKS.getOrDefault(block, ImmutableSet.of());
    }

    private void open(String name, int line) {
        open.push(new Block(name, line));
        if (open.size() > MAX_DEPTH) {
            throw new TemplateFailure("more than %d blocks inside each other".formatted(MAX_DEPTH));
        }
    }

    private void close(String name) {
        if (open.isEmpty() || !name.equals("end" + open.element().name())) {
            throw new TemplateFailure("unexpected tag '%s'%s"
                    .formatted(
                            name,
                            open.isEmpty()
                                    ? ""
                                    : ", expected 'end%s'"
                                            .formatted(open.element().name())));
        }
        open.pop();
    }

    /** Checks that nothing is open at the end of the template. */
    void end() {
        if (!open.isEmpty()) {
            throw new TemplateFailure(
                    "tag '%s' has no end, expected 'end%1$s'"
                            .formatted(open.element().name()),
                    open.element().line());
        }
    }
}
