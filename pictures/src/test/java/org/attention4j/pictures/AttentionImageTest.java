package org.attention4j.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.WeightMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionImageTest {
    private static final int FRAME = 0xffc9ced6;
    private static final int PAPER = 0xffffffff;
    private static final int CELL = 26;

    @TempDir
    private Path directory;

    @Test
    void cellsHaveTheColoursOfTheirWeights() throws IOException {
        WeightMatrix weights = Samples.decay();
        Cells cells = cells(Samples.map(0, "retention", false, weights));
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                Color expected = ColorScale.of(weights.get(row, column), 2);
                assertEquals(expected.getRGB(), cells.at(row, column), "row %d column %d".formatted(row, column));
            }
        }
        assertEquals(PAPER, cells.at(3, 0), "less than a millionth");
        assertEquals(0xff67000d, cells.at(0, 0), "the darkest red");
        assertEquals(0xff08306b, cells.at(3, 3), "the darkest blue");
    }

    @Test
    void theSinkHasAColumnOfItsOwn() throws IOException {
        Cells cells = cells(Samples.map(0, "gqa", true, Samples.windowWithSink()));
        for (int row = 0; row < 4; row++) {
            assertEquals(ColorScale.of(0.25f, 0.75f).getRGB(), cells.at(row, 0));
            assertEquals(PAPER, cells.at(row, 1), "a gap");
            assertEquals(row < 2, cells.at(row, 2) != PAPER, "the first token leaves the window");
        }
    }

    /** Pixels of the middles of a map's cells. */
    private record Cells(BufferedImage image, int left, int top) {
        int at(int row, int column) {
            return image.getRGB(left + column * CELL + CELL / 2, top + row * CELL + CELL / 2);
        }
    }

    /** Cells of 7 pixels are too small for a label each, so every second one has one: a row of ink, then a gap. */
    @Test
    void smallCellsHaveSomeLabels() throws IOException {
        WeightMatrix none = WeightMatrix.of(new float[48][48]);
        Cells cells = cells(Collections.nCopies(48, "7"), Samples.map(0, "gqa", false, many(3, none)));
        boolean[] inked = new boolean[48 * 7];
        for (int row = 0; row < inked.length; row++) {
            int y = cells.top + row;
            inked[row] =
                    IntStream.range(cells.left - 14, cells.left - 2).anyMatch(x -> cells.image.getRGB(x, y) != PAPER);
        }
        long labels = IntStream.range(1, inked.length)
                .filter(row -> inked[row - 1] && !inked[row])
                .count();
        assertEquals(24, labels);
    }

    private Cells cells(AttentionMap map) throws IOException {
        return cells(Samples.HOSTILE, map);
    }

    private Cells cells(List<String> tokens, AttentionMap map) throws IOException {
        Path file = directory.resolve("map.png");
        Samples.picture(tokens, map).write(file);
        BufferedImage image = ImageIO.read(file.toFile());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (image.getRGB(x, y) == FRAME) {
                    return new Cells(image, x + 1, y + 1);
                }
            }
        }
        throw new AssertionError("no frame");
    }

    /** A single weight of a map that is larger than its picture stays visible. */
    @Test
    void manyTokensShareAPixel() throws IOException {
        float[][] weights = new float[500][500];
        weights[321][123] = 1;
        AttentionMap map = Samples.map(0, "gqa", false, many(20, WeightMatrix.of(weights)));
        Path file = directory.resolve("many.png");
        Samples.picture(IntStream.range(0, 500).mapToObj(String::valueOf).toList(), map)
                .write(file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertTrue(image.getWidth() < 2500 && image.getHeight() < 1200, image.toString());
        long dark = IntStream.range(0, image.getHeight() - 60)
                .mapToLong(y -> IntStream.range(0, image.getWidth())
                        .filter(x -> image.getRGB(x, y) == 0xff08306b)
                        .count())
                .sum();
        assertEquals(20, dark, "a pixel in each map");
    }

    private static WeightMatrix[] many(int count, WeightMatrix weights) {
        return IntStream.range(0, count).mapToObj(i -> weights).toArray(WeightMatrix[]::new);
    }

    @Test
    void imagesHaveALimit() throws IOException {
        WeightMatrix weights = WeightMatrix.of(new float[512][512]);
        AttentionMap map = Samples.map(0, "gqa", false, many(2000, weights));
        Path file = directory.resolve("huge.png");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Samples.picture(List.of(), map).write(file));
        String pattern = "image: \\d+ × \\d+ pixels for 2000 heads, expected at most 67108864 in all: choose layers .*";
        assertTrue(String.valueOf(e.getMessage()).matches(pattern), e.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void otherFormatsAreErrors() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Samples.picture(List.of()).write(Path.of("map.pdf")))
                .getMessage();
        assertEquals("map.pdf: expected a file that ends in .html or .png", message);
    }
}
