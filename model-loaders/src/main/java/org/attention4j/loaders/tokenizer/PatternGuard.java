package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.Set;
import org.attention4j.loaders.ModelFormatException;

/**
 * Admits regular expressions that a backtracking engine matches in few steps per character. The library that runs those of a
 * {@code tokenizer.json} gives up after ten million steps, and when it gives up it ends the process.
 *
 * <p>What is estimated is how often a match may be taken back: each time something fails, all the ways to match what stands before
 * it are tried. A repetition without a bound has as many ways as the text has characters, alternatives add up, and what follows
 * each other multiplies. Only constructs that occur in real tokenizers are known.
 */
final class PatternGuard {
    /** The steps that the library is allowed, short of the ten million at which it gives up. */
    static final double MOST_STEPS = 9e6;

    private static final int LONGEST = 8192;
    private static final int DEEPEST = 32;
    private static final int LARGEST_BOUND = 64;
    private static final int UNBOUNDED = Integer.MAX_VALUE;
    private static final double TEXT = 1e6;

    /** Expressions of real models that the estimate is too coarse for: each repetition in them starts with its own character. */
    private static final Set<String> KNOWN =
            Set.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+");

    /**
     * What a part of an expression may cost on a text of {@link #TEXT} characters.
     *
     * @param steps how often it may fail until it is clear that it does not match
     * @param ways in how many ways it may match
     * @param optional whether it may match nothing and so never fails
     */
    private record Cost(double steps, double ways, boolean optional) {
        static final Cost NOTHING = new Cost(0, 1, true);
        static final Cost CHARACTER = new Cost(1, 1, false);

        Cost then(Cost next) {
            return new Cost(
                    steps + (next.optional ? next.steps : ways * next.steps),
                    ways * next.ways,
                    optional && next.optional);
        }

        Cost or(Cost other) {
            return new Cost(steps + other.steps, ways + other.ways, optional || other.optional);
        }

        boolean isFixed() {
            return ways == 1 && !optional;
        }
    }

    private final JsonView where;
    private final String pattern;
    private int at;

    private PatternGuard(JsonView where) {
        this.where = where;
        this.pattern = where.text();
    }

    /**
     * Checks an expression.
     *
     * @return the steps that it may take per character of a long text, at most 9
     * @throws ModelFormatException if it is not admitted
     */
    static double check(JsonView pattern) {
        PatternGuard guard = new PatternGuard(pattern);
        if (guard.pattern.length() > LONGEST) {
            throw guard.refused("it is longer than %d characters".formatted(LONGEST));
        }
        if (KNOWN.contains(guard.pattern)) {
            return MOST_STEPS / TEXT;
        }
        Cost cost = guard.alternatives(0);
        if (guard.at < guard.pattern.length()) {
            throw guard.refused("a bracket at %d was never opened".formatted(guard.at));
        }
        if (cost.steps > MOST_STEPS) {
            throw guard.refused("it may take too many steps");
        }
        return cost.steps / TEXT;
    }

    private ModelFormatException refused(String reason) {
        return where.error("is the regular expression %s, which is not admitted: %s".formatted(quote(pattern), reason));
    }

    private boolean more() {
        return at < pattern.length();
    }

    private boolean skip(String text) {
        boolean found = pattern.startsWith(text, at);
        at += found ? text.length() : 0;
        return found;
    }

    private Cost alternatives(int depth) {
        if (depth > DEEPEST) {
            throw refused("it is nested more than %d deep".formatted(DEEPEST));
        }
        Cost all = sequence(depth);
        while (skip("|")) {
            all = all.or(sequence(depth));
        }
        return all;
    }

    private Cost sequence(int depth) {
        Cost all = Cost.NOTHING;
        while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            all = all.then(quantified(atom(depth)));
        }
        return all;
    }

    private Cost atom(int depth) {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> characterClass();
            case '\\' -> escape();
            case '*', '+', '?', '{' -> throw refused("nothing to repeat at %d".formatted(at - 1));
            default -> Cost.CHARACTER;
        };
    }

    private Cost group(int depth) {
        boolean around = skip("?=") || skip("?!") || skip("?<=") || skip("?<!");
        boolean known = around || skip("?:") || skip("?i:") || skip("?>") || !pattern.startsWith("?", at);
        if (!known) {
            throw refused("an unknown kind of group at %d".formatted(at));
        }
        Cost inner = alternatives(depth + 1);
        if (!skip(")")) {
            throw refused("a bracket is never closed");
        }
        return around ? new Cost(inner.steps + 1, 1, false) : inner;
    }

    private Cost characterClass() {
        int depth = 1;
        skip("^");
        if (skip("]")) {
            throw refused("an empty class of characters at %d".formatted(at - 1));
        }
        while (more() && depth > 0) {
            char c = pattern.charAt(at++);
            if (c == '\\') {
                escape();
            } else if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
        }
        if (depth > 0) {
            throw refused("a class of characters is never closed");
        }
        return Cost.CHARACTER;
    }

    private Cost escape() {
        if (!more()) {
            throw refused("it ends in a backslash");
        }
        char c = pattern.charAt(at++);
        boolean braced = (c == 'p' || c == 'P' || c == 'x') && skip("{");
        if (braced) {
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw refused("a brace is never closed");
            }
            at = end + 1;
        } else if ((Character.isLetterOrDigit(c) && "sSdDwWrntfvbBux".indexOf(c) < 0) || c > 0x7f) {
            throw refused("an unknown escape \\%c".formatted(c));
        }
        return Cost.CHARACTER;
    }

    private Cost quantified(Cost atom) {
        if (!atQuantifier()) {
            return atom;
        }
        boolean counted = pattern.charAt(at) == '{';
        Cost result = repeated(atom, quantifier());
        // Lazy or possessive; behind a count a plus would be one more repetition.
        boolean modified = skip("?") || (!counted && skip("+"));
        if (atQuantifier()) {
            throw refused("a repetition of a repetition at %d".formatted(modified ? at - 1 : at));
        }
        return result;
    }

    private boolean atQuantifier() {
        return more() && "*+?{".indexOf(pattern.charAt(at)) >= 0;
    }

    /** The fewest and the most repetitions of the quantifier at hand. */
    private int[] quantifier() {
        char c = pattern.charAt(at++);
        if (c != '{') {
            return new int[] {c == '+' ? 1 : 0, c == '?' ? 1 : UNBOUNDED};
        }
        int end = pattern.indexOf('}', at);
        String inside = end < 0 ? "" : pattern.substring(at, end);
        if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            throw refused("a brace that is no repetition at %d".formatted(at - 1));
        }
        at = end + 1;
        int comma = inside.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
        String most = comma < 0 ? inside : inside.substring(comma + 1);
        return new int[] {least, most.isEmpty() ? UNBOUNDED : Integer.parseInt(most)};
    }

    private Cost repeated(Cost atom, int[] times) {
        boolean optional = times[0] == 0 || atom.optional;
        if (times[0] == times[1] && atom.isFixed()) {
            return new Cost(optional ? 0 : atom.steps, 1, optional);
        }
        if (times[1] > LARGEST_BOUND) {
            if (!atom.isFixed()) {
                throw refused("a repetition without a bound holds alternatives or repetitions");
            }
            return new Cost(optional ? 0 : atom.steps, TEXT, optional);
        }
        Cost most = Cost.NOTHING;
        double ways = times[0] == 0 ? 1 : 0;
        for (int i = 1; i <= times[1]; i++) {
            most = most.then(atom);
            ways += i >= times[0] ? most.ways : 0;
        }
        return new Cost(most.steps, ways, optional);
    }
}
