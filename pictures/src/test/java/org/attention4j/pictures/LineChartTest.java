package org.attention4j.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineChartTest {
    private static final int BLUE = 0xff0072b2;
    private static final int ORANGE = 0xffd55e00;

    private static final LineChart CHART = LineChart.of("Time of a token", "tokens before it", "milliseconds")
            .with("mha </script>", new double[] {1, 64, 512, 1024}, new double[] {1, 1.1, 1.5, 2})
            .with("mamba", new double[] {1, 64, 2048}, new double[] {1.2, 1.2, 1.2})
            .fromZero();

    @TempDir
    private Path directory;

    /** The first line rises from left to right, the second one stays. */
    @Test
    void linesAreWhereTheyShould() throws IOException {
        Path file = directory.resolve("chart.png");
        CHART.write(file);
        BufferedImage image = ImageIO.read(file.toFile());
        int[] blue = rows(image, BLUE);
        int[] orange = rows(image, ORANGE);
        assertTrue(blue[0] - blue[1] > image.getHeight() / 5, "from %d to %d".formatted(blue[0], blue[1]));
        assertEquals(orange[0], orange[1], 4, "a flat line, as thick as its markers");
    }

    /** The lowest row of a colour in the first and in the last column of the plot that has it. */
    private static int[] rows(BufferedImage image, int rgb) {
        int plot = image.getWidth() * 3 / 4;
        int[] columns =
                IntStream.range(0, plot).filter(x -> lowest(image, rgb, x) >= 0).toArray();
        return new int[] {lowest(image, rgb, columns[8]), lowest(image, rgb, columns[columns.length - 8])};
    }

    private static int lowest(BufferedImage image, int rgb, int x) {
        return IntStream.range(0, image.getHeight())
                .filter(y -> image.getRGB(x, y) == rgb)
                .max()
                .orElse(-1);
    }

    @Test
    void aPageHasTheNumbersToo() throws IOException, InterruptedException {
        Path file = directory.resolve("chart.html");
        CHART.withLogarithmicX().write(file);
        Browser.Page page = Browser.assumePresent().open(file, directory);
        assertEquals(Optional.empty(), page.data("error"));
        assertEquals(Optional.of("860"), page.data("width"), "the image has been read");
        assertEquals(Optional.of("5"), page.data("rows"), "1, 64, 512, 1024 and 2048");
        assertTrue(page.dom().contains("<th scope=\"col\">mha &lt;/script&gt;</th>"), page.dom());
        assertTrue(page.dom().contains("<th scope=\"row\">512</th><td>1.5</td><td></td>"), page.dom());
    }

    @Test
    void wrongNumbersAreErrors() {
        LineChart chart = LineChart.of("t", "x", "y");
        assertRefused(
                "series a: 2 and 1 numbers, expected as many of both, and at least one",
                () -> chart.with("a", new double[] {1, 2}, new double[] {1}));
        assertRefused(
                "series a: point 1 is (1.0, 2.0), expected finite numbers, and the first ones rising",
                () -> chart.with("a", new double[] {1, 1}, new double[] {1, 2}));
        LineChart one = chart.with("a", new double[] {0, 1}, new double[] {1, 2});
        assertRefused("chart t: two series have one name", () -> one.with("a", new double[] {1}, new double[] {1}));
        assertRefused("chart t: expected numbers above 0 on a logarithmic axis", one::withLogarithmicX);
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
