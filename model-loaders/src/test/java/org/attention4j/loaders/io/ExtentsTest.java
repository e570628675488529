package org.attention4j.loaders.io;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.attention4j.loaders.io.Extents.Extent;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    private static final Path FILE = Path.of("f.bin");

    @Test
    void sortsRangesThatOnlyTouch() {
        Extent a = new Extent("a", 0, 4);
        Extent b = new Extent("b", 4, 4);
        Extent c = new Extent("c", 4, 9);
        assertEquals(List.of(a, b, c), Extents.check(FILE, List.of(c, b, a), 9));
    }

    @Test
    void refusesWhatLiesBehindTheEnd() {
        assertRefused(
                () -> Extents.check(FILE, List.of(new Extent("a", 0, 10)), 9),
                "f.bin: tensor 'a' takes bytes 0 to 10, but the file has only 9");
    }

    @Test
    void refusesOverlapsAlsoWithALongRangeFurtherBack() {
        List<Extent> extents = List.of(new Extent("long", 0, 9), new Extent("in", 1, 2), new Extent("late", 3, 4));
        assertRefused(() -> Extents.check(FILE, extents, 9), "'in' begins at byte 1, inside tensor 'long'");
        assertRefused(
                () -> Extents.check(FILE, List.of(extents.get(0), new Extent("none", 2, 2), extents.get(2)), 9),
                "'late' begins at byte 3, inside tensor 'long', which ends at byte 9");
    }
}
