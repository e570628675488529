package org.attention4j.examples.support;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;

/**
 * A table in Markdown: a row for each kind, a column for each backend.
 *
 * @param heading of the first column
 * @param cells by row and backend
 */
record SupportTable(String heading, Table<String, String, String> cells) {
    private static final Splitter CELLS = Splitter.on('|').trimResults().omitEmptyStrings();

    /** What these backends make of these kinds. */
    static SupportTable of(String heading, List<Kind> kinds, List<Backend> backends) {
        ImmutableTable.Builder<String, String, String> cells = ImmutableTable.builder();
        for (Kind kind : kinds) {
            backends.forEach(b -> cells.put(kind.title(), b.name(), kind.cell(b)));
        }
        return new SupportTable(heading, cells.buildOrThrow());
    }

    /** The same, with the columns of backends that it does not have from the Markdown of an older one. */
    SupportTable withColumnsOf(String markdown) {
        List<String> lines = markdown.lines().filter(l -> l.startsWith("|")).toList();
        if (lines.size() < 2) {
            return this;
        }
        List<String> header = CELLS.splitToList(lines.getFirst());
        ImmutableTable.Builder<String, String, String> merged = ImmutableTable.builder();
        merged.putAll(cells);
        for (String line : lines.subList(2, lines.size())) {
            List<String> row = CELLS.splitToList(line);
            for (int i = 1; i < row.size(); i++) {
                if (!cells.containsColumn(header.get(i)) && cells.containsRow(row.getFirst())) {
                    merged.put(row.getFirst(), header.get(i), row.get(i));
                }
            }
        }
        return new SupportTable(heading, merged.buildOrThrow());
    }

    /** The rows in their order, the backends by name. */
    String markdown() {
        List<String> backends = ImmutableList.copyOf(new TreeSet<>(cells.columnKeySet()));
        Stream<String> head = Stream.of(
                line(heading, backends.stream()), line("---", backends.stream().map(b -> "---")));
        Stream<String> rows = cells.rowKeySet().stream()
                .map(row -> line(row, backends.stream().map(b -> cell(row, b))));
        return Stream.concat(head, rows).collect(Collectors.joining("\n", "", "\n"));
    }

    private String cell(String row, String backend) {
        String known = cells.get(row, backend);
        return known == null ? "?" : known;
    }

    private static String line(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
