package org.attention4j.pictures;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.mixer.effective.AttentionMap;

/** An {@link AttentionPicture} as an image: a row of maps for each layer, or several where they are many. */
final class AttentionImage {
    private static final int MARGIN = 18;
    private static final int GAP = 14;
    private static final int MOST_IN_A_ROW = 8;
    private static final long MOST_PIXELS = 64L << 20;
    private static final Color INK = new Color(0x1b1f24);
    private static final Color DIM = new Color(0x57606a);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 18);
    private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private final AttentionPicture picture;
    private final List<Row> rows = new ArrayList<>();
    private int width;
    private int height;

    /** Maps of one layer beside each other; the first row of a layer has a heading. */
    private record Row(AttentionMap map, boolean first, int y, List<Panel> panels) {}

    private AttentionImage(AttentionPicture picture) {
        this.picture = picture;
        layOut();
    }

    static void write(AttentionPicture picture, Path file) throws IOException {
        Files.write(file, Pngs.encode(new AttentionImage(picture).paint()));
    }

    private void layOut() {
        int heads = picture.attention().maps().stream()
                .mapToInt(m -> m.heads().size())
                .sum();
        int size = heads <= 2 ? 560 : heads <= 6 ? 340 : heads <= 16 ? 220 : 120;
        height = MARGIN + 52;
        width = 520;
        for (AttentionMap map : picture.attention().maps()) {
            List<Panel> panels = new ArrayList<>();
            map.heads().forEach((head, weights) -> panels.add(new Panel(picture, map, head, weights, size)));
            for (int start = 0; start < panels.size(); start += MOST_IN_A_ROW) {
                boolean first = start == 0;
                addRow(map, first, panels.subList(start, Math.min(start + MOST_IN_A_ROW, panels.size())));
            }
        }
        height += MARGIN + 20;
        if ((long) width * height > MOST_PIXELS) {
            throw new IllegalArgumentException(
                    "image: %d × %d pixels for %d heads, expected at most %d in all: choose layers or heads, or write .html"
                            .formatted(width, height, heads, MOST_PIXELS));
        }
    }

    private void addRow(AttentionMap map, boolean first, List<Panel> panels) {
        height += first ? 30 : 0;
        rows.add(new Row(map, first, height, panels));
        height += panels.stream().mapToInt(Panel::height).max().orElse(0) + GAP;
        int wide = panels.stream().mapToInt(p -> p.width() + GAP).sum() - GAP;
        width = Math.max(width, wide + 2 * MARGIN);
    }

    private BufferedImage paint() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setColor(ColorScale.PAPER);
        g.fillRect(0, 0, width, height);
        text(g, TITLE, INK, picture.title(), MARGIN, MARGIN + 16);
        text(g, TEXT, DIM, picture.subtitle(), MARGIN, MARGIN + 36);
        for (Row row : rows) {
            if (row.first) {
                heading(g, row.map, row.y);
            }
            int x = MARGIN;
            for (Panel panel : row.panels) {
                panel.paint(g, x, row.y);
                x += panel.width() + GAP;
            }
        }
        legend(g, height - MARGIN - 12);
        g.dispose();
        return image;
    }

    private void heading(Graphics2D g, AttentionMap map, int y) {
        String name = "Layer %d · %s".formatted(map.layer(), map.mixer());
        text(g, HEADING, INK, name, MARGIN, y - 8);
        String more = map.description().isEmpty()
                ? AttentionPicture.meaning(map)
                : map.description() + "; " + AttentionPicture.meaning(map);
        text(g, TEXT, DIM, more, MARGIN + g.getFontMetrics(HEADING).stringWidth(name) + 10, y - 8);
    }

    /** Cut off at the margin. */
    private void text(Graphics2D g, Font font, Color color, String text, int x, int y) {
        g.setFont(font);
        g.setColor(color);
        String shown = text;
        while (shown.length() > 1 && g.getFontMetrics().stringWidth(shown) > width - MARGIN - x) {
            shown = shown.substring(0, shown.length() - (shown.endsWith("…") ? 2 : 1)) + "…";
        }
        g.drawString(shown, x, y);
    }

    private void legend(Graphics2D g, int y) {
        boolean negative = picture.attention().maps().stream()
                .flatMap(m -> m.heads().values().stream())
                .anyMatch(w -> w.hasNegative());
        int length = 120;
        int x = MARGIN;
        for (int i = 0; i < length; i++) {
            float weight = negative ? 2f * i / (length - 1) - 1 : (i + 0.5f) / length;
            g.setColor(ColorScale.of(weight, 1));
            g.fillRect(x + i, y, 1, 12);
        }
        String ends = negative ? "−max to max of each map" : "0 to max of each map";
        text(
                g,
                TEXT,
                DIM,
                ends + ", by the square root; white: none, or below 10⁻⁶ of it. Rows look at columns.",
                x + length + 8,
                y + 11);
    }
}
