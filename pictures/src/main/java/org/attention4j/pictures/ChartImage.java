package org.attention4j.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A {@link LineChart} as an image, drawn by XChart. */
final class ChartImage {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final Color GRID = new Color(0xe1e4e8);

    /** Okabe and Ito's colours, which colour-blind people can tell apart, without the yellow, which is pale on white. */
    private static final Color[] COLORS = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xcc79a7),
        new Color(0x56b4e9),
        new Color(0xe69f00),
        new Color(0x000000)
    };

    /** What the page's script reads. */
    record Data(String title, String xTitle, String yTitle, String image, List<Line> series) {}

    /** A line. */
    record Line(String name, List<Double> x, List<Double> y) {}

    private ChartImage() {}

    static void write(LineChart chart, Path file) throws IOException {
        Files.write(file, png(chart));
    }

    static Data page(LineChart chart) throws IOException {
        return new Data(
                chart.title(),
                chart.xTitle(),
                chart.yTitle(),
                Base64.getEncoder().encodeToString(png(chart)),
                chart.series().stream()
                        .map(s -> new Line(s.name(), s.x().asList(), s.y().asList()))
                        .toList());
    }

    private static byte[] png(LineChart chart) throws IOException {
        return Pngs.encode(BitmapEncoder.getBufferedImage(drawn(chart)));
    }

    private static XYChart drawn(LineChart chart) {
        XYChart drawn = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(chart.title())
                .xAxisTitle(chart.xTitle())
                .yAxisTitle(chart.yTitle())
                .build();
        style(drawn, chart);
        for (int i = 0; i < chart.series().size(); i++) {
            LineChart.Series s = chart.series().get(i);
            XYSeries line = drawn.addSeries(s.name(), s.x().toArray(), s.y().toArray());
            line.setMarker(SeriesMarkers.CIRCLE);
            line.setLineColor(COLORS[i % COLORS.length]);
            line.setMarkerColor(COLORS[i % COLORS.length]);
            line.setLineStyle(stroke(i / COLORS.length));
        }
        return drawn;
    }

    /** After each round of colours, other dashes. */
    private static BasicStroke stroke(int round) {
        return round == 0
                ? new BasicStroke(2.4f)
                : new BasicStroke(
                        2.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {8f / round, 5}, 0);
    }

    private static void style(XYChart drawn, LineChart chart) {
        Styler styler = drawn.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
        drawn.getStyler().setMarkerSize(7);
        drawn.getStyler().setPlotGridLinesColor(GRID);
        drawn.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        drawn.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        drawn.getStyler().setXAxisLogarithmic(chart.xAxis() == LineChart.Axis.LOGARITHMIC);
        if (chart.startsAtZero()) {
            drawn.getStyler().setYAxisMin(0.0);
        }
    }
}
