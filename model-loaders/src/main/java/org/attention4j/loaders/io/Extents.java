package org.attention4j.loaders.io;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.attention4j.loaders.ModelFormatException;

/** Checks that the byte ranges of a file's tensors lie in the file and don't overlap. */
public final class Extents {
    /** The bytes of a tensor in its file: from {@code begin} to before {@code end}. */
    public record Extent(String name, long begin, long end) {}

    private Extents() {}

    /**
     * Checks ranges whose {@code begin} and {@code end} are not negative and in this order, and returns them sorted.
     *
     * @param size the number of bytes that the file has
     * @throws ModelFormatException if a range ends after the file or begins inside another one
     */
    public static List<Extent> check(Path file, List<Extent> extents, long size) {
        List<Extent> sorted = extents.stream()
                .sorted(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end))
                .toList();
        Extent before = new Extent("", 0, 0);
        for (Extent extent : sorted) {
            if (extent.end() > size) {
                throw new ModelFormatException(
                        file,
                        "tensor %s takes bytes %d to %d, but the file has only %d (truncated?)"
                                .formatted(quote(extent.name()), extent.begin(), extent.end(), size));
            }
            if (extent.begin() < before.end() && extent.end() > extent.begin()) {
                throw new ModelFormatException(
                        file,
                        "tensor %s begins at byte %d, inside tensor %s, which ends at byte %d"
                                .formatted(quote(extent.name()), extent.begin(), quote(before.name()), before.end()));
            }
            before = extent.end() > before.end() ? extent : before;
        }
        return sorted;
    }
}
