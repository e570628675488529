package org.attention4j.loaders.onnx;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;

/**
 * Says that a symbolic dim turned out to be another one: an operator needs both equal. The import begins anew with the one in
 * place of the other, so that every type is right from the start.
 */
final class DimsEqual extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Dim.Symbol symbol;
    private final transient Dim by;

    private DimsEqual(Dim.Symbol symbol, Dim by) {
        super(symbol + " = " + by, null, false, false);
        this.symbol = symbol;
        this.by = by;
    }

    Dim.Symbol symbol() {
        return symbol;
    }

    Dim by() {
        return by;
    }

    /**
     * Returns if two sizes are the same.
     *
     * @throws DimsEqual if they can be made so
     * @throws ImportException if they can't
     */
    static void require(Dim a, Dim b, String what) {
        if (a.equals(b)) {
            return;
        }
        Dim difference = a.minus(b);
        List<Dim> terms = new ArrayList<>();
        flatten(difference, terms);
        Dim.Symbol chosen = null;
        boolean negative = false;
        for (Dim term : terms) {
            Dim positive = term.times(Dim.of(-1));
            Dim.Symbol symbol = term instanceof Dim.Symbol s ? s : positive instanceof Dim.Symbol s ? s : null;
            if (symbol != null && occurrences(difference, symbol) == 1 && isBetter(symbol, chosen)) {
                chosen = symbol;
                negative = symbol.equals(positive);
            }
        }
        if (chosen == null) {
            throw ImportException.unsupported("%s: sizes %s and %s would have to be equal", what, a, b);
        }
        Dim rest = difference.minus(negative ? chosen.times(Dim.of(-1)) : chosen);
        Dim by = negative ? rest : rest.times(Dim.of(-1));
        if (by instanceof Dim.Fixed(long size) && size < 0) {
            throw ImportException.broken("%s: sizes %s and %s can't be equal", what, a, b);
        }
        throw new DimsEqual(chosen, by);
    }

    /** Names that this importer made up go first, then those that come last in the alphabet: any rule that is always the same. */
    private static boolean isBetter(Dim.Symbol symbol, Dim.@org.jspecify.annotations.Nullable Symbol than) {
        if (than == null) {
            return true;
        }
        boolean made = InputTypes.isMadeUp(symbol.name());
        boolean otherMade = InputTypes.isMadeUp(than.name());
        return made != otherMade ? made : symbol.name().compareTo(than.name()) > 0;
    }

    private static void flatten(Dim dim, List<Dim> terms) {
        if (dim instanceof Dim.Sum(Dim left, Dim right)) {
            flatten(left, terms);
            flatten(right, terms);
        } else {
            terms.add(dim);
        }
    }

    private static int occurrences(Dim dim, Dim.Symbol symbol) {
        return switch (dim) {
            case Dim.Fixed f -> 0;
            case Dim.Symbol s -> s.equals(symbol) ? 1 : 0;
            case Dim.Sum(Dim left, Dim right) -> occurrences(left, symbol) + occurrences(right, symbol);
            case Dim.Product(Dim left, Dim right) -> occurrences(left, symbol) + occurrences(right, symbol);
            case Dim.Quotient(Dim dividend, long divisor) -> occurrences(dividend, symbol);
        };
    }
}
