package org.attention4j.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;

/**
 * How a value is spread over the entries of an elementwise op's result.
 *
 * @param isOfRows whether rows have different ones
 * @param spread over a row
 * @param group for {@link Spread#GROUPS} and {@link Spread#ONE_GROUP}, entries of a group
 */
record RowPattern(boolean isOfRows, Spread spread, long group) {
    private static final Dim ONE = Dim.of(1);

    enum Spread {
        /** Each entry has its own. */
        ENTRIES,
        /** Entries of a group share one. */
        GROUPS,
        /** All groups are the same. */
        ONE_GROUP,
        /** There is one number. */
        NUMBER
    }

    /**
     * The pattern of a value in a result.
     *
     * @param rank how many leading dims of the result are rows; 0: it is the same for all rows
     */
    static Optional<RowPattern> of(List<Dim> value, List<Dim> result, int rank) {
        if (value.size() > result.size()) {
            return Optional.empty();
        }
        List<Dim> padded = new ArrayList<>();
        for (int i = value.size(); i < result.size(); i++) {
            padded.add(ONE);
        }
        padded.addAll(value);
        List<Dim> leading = padded.subList(0, rank);
        boolean isOfRows = rank > 0 && leading.equals(result.subList(0, rank));
        if (!isOfRows && !leading.stream().allMatch(ONE::equals)) {
            return Optional.empty();
        }
        return spread(padded.subList(rank, padded.size()), result.subList(rank, result.size()), isOfRows);
    }

    private static Optional<RowPattern> spread(List<Dim> own, List<Dim> all, boolean isOfRows) {
        if (own.equals(all)) {
            return Optional.of(new RowPattern(isOfRows, Spread.ENTRIES, 0));
        }
        int same = 0;
        while (own.get(same).equals(all.get(same))) {
            same++;
        }
        if (own.subList(same, own.size()).stream().allMatch(ONE::equals)) {
            boolean isNumber = !isOfRows && own.stream().allMatch(ONE::equals);
            return Optional.of(
                    isNumber
                            ? new RowPattern(false, Spread.NUMBER, 0)
                            : new RowPattern(isOfRows, Spread.GROUPS, RowShape.product(all.subList(same, all.size()))));
        }
        int ones = 0;
        while (own.get(ones).equals(ONE)) {
            ones++;
        }
        List<Dim> repeated = own.subList(ones, own.size());
        return repeated.equals(all.subList(ones, all.size()))
                ? Optional.of(new RowPattern(isOfRows, Spread.ONE_GROUP, RowShape.product(repeated)))
                : Optional.empty();
    }
}
