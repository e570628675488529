package org.attention4j.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers over numbers, a line for each series: such as recall by distance, or the time of a token by what came before it.
 *
 * <pre>{@code
 *   LineChart.of("Time of a token", "tokens before it", "milliseconds")
 *           .with("mha", new double[] {0, 512, 1024}, new double[] {1.1, 1.4, 1.9})
 *           .with("mamba", new double[] {0, 512, 1024}, new double[] {1.2, 1.2, 1.2})
 *           .fromZero()
 *           .write(Path.of("depth.png"));
 * }</pre>
 *
 * @param title above the chart
 * @param xTitle what the horizontal axis tells, with its unit
 * @param yTitle what the vertical axis tells, with its unit
 * @param series the lines
 * @param xAxis how the horizontal axis runs
 * @param startsAtZero whether the vertical axis starts at 0
 */
public record LineChart(
        String title, String xTitle, String yTitle, List<Series> series, Axis xAxis, boolean startsAtZero) {
    /** How an axis runs. */
    public enum Axis {
        /** Equal steps are equal differences. */
        LINEAR,
        /** Equal steps are equal ratios; all numbers are above 0. */
        LOGARITHMIC
    }

    /**
     * A line.
     *
     * @param name unique in the chart
     * @param x at least one number, in rising order
     * @param y as many
     */
    public record Series(String name, ImmutableDoubleArray x, ImmutableDoubleArray y) {
        public Series {
            if (x.isEmpty() || x.length() != y.length()) {
                throw new IllegalArgumentException(
                        "series %s: %d and %d numbers, expected as many of both, and at least one"
                                .formatted(name, x.length(), y.length()));
            }
            for (int i = 0; i < x.length(); i++) {
                if (!Double.isFinite(x.get(i)) || !Double.isFinite(y.get(i)) || (i > 0 && x.get(i) <= x.get(i - 1))) {
                    throw new IllegalArgumentException(
                            "series %s: point %d is (%s, %s), expected finite numbers, and the first ones rising"
                                    .formatted(name, i, x.get(i), y.get(i)));
                }
            }
        }
    }

    public LineChart {
        series = ImmutableList.copyOf(series);
        if (series.stream().map(Series::name).distinct().count() != series.size()) {
            throw new IllegalArgumentException("chart %s: two series have one name".formatted(title));
        }
        if (xAxis == Axis.LOGARITHMIC && series.stream().anyMatch(s -> s.x.get(0) <= 0)) {
            throw new IllegalArgumentException(
                    "chart %s: expected numbers above 0 on a logarithmic axis".formatted(title));
        }
    }

    /** A chart without lines. */
    public static LineChart of(String title, String xTitle, String yTitle) {
        return new LineChart(title, xTitle, yTitle, ImmutableList.of(), Axis.LINEAR, false);
    }

    /** The same with a line more. */
    public LineChart with(String name, double[] x, double[] y) {
        List<Series> all = new ArrayList<>(series);
        all.add(new Series(name, ImmutableDoubleArray.copyOf(x), ImmutableDoubleArray.copyOf(y)));
        return new LineChart(title, xTitle, yTitle, all, xAxis, startsAtZero);
    }

    /** The same with a logarithmic horizontal axis. */
    public LineChart withLogarithmicX() {
        return new LineChart(title, xTitle, yTitle, series, Axis.LOGARITHMIC, startsAtZero);
    }

    /** The same with a vertical axis that starts at 0. */
    public LineChart fromZero() {
        return new LineChart(title, xTitle, yTitle, series, xAxis, true);
    }

    /**
     * Writes the chart in the format that the file's name tells. A page has the numbers as a table too.
     *
     * @throws IllegalArgumentException if there is no line, or the name ends in something else than {@code .html} or {@code .png}
     * @throws IOException if the file can't be written
     */
    public void write(Path file) throws IOException {
        if (series.isEmpty()) {
            throw new IllegalArgumentException("chart %s: expected at least one series".formatted(title));
        }
        switch (PictureFormat.of(file)) {
            case HTML -> Pages.write("chart.html", title, ChartImage.page(this), file);
            case PNG -> ChartImage.write(this, file);
        }
    }
}
