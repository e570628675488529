package org.attention4j.pictures;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.List;
import java.util.Locale;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.WeightMatrix;

/** One head's map in an image, with tokens on its axes where there is room for them. */
final class Panel {
    private static final int CAPTION = 16;
    private static final int LONGEST_LABEL = 11;
    /** Pixels from one label to the next. */
    private static final int LABEL = 11;
    /** Pixels of the smallest cells that have labels; where cells are smaller than labels, only some have one. */
    private static final int LABELLED_CELL = 3;

    private static final String SINK = "(sink)";
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Color INK = new Color(0x1b1f24);
    private static final Color LINE = new Color(0xc9ced6);

    private final WeightMatrix weights;
    private final boolean rest;
    private final String caption;
    private final List<String> labels;
    /** Tokens to a pixel, or 1. */
    private final int merged;
    /** Pixels to a cell, or 1. */
    private final int cell;

    private final int room;

    /** @param size about how many pixels the map itself takes */
    Panel(AttentionPicture picture, AttentionMap map, int head, WeightMatrix weights, int size) {
        this.weights = weights;
        this.rest = AttentionPicture.hasRest(map, weights);
        int most = Math.max(weights.rows(), weights.columns() + (rest ? 2 : 0));
        this.merged = Math.ceilDiv(most, Math.max(size, 1) * 2);
        this.cell = Math.clamp(size / most, 1, 26);
        this.labels = picture.tokens().stream().map(Panel::shown).toList();
        this.room = cell >= LABELLED_CELL ? 6 + Math.max(longest(labels), rest ? longest(List.of(SINK)) : 0) : 12;
        this.caption = String.format(
                Locale.ROOT, "%s max %.3g", map.channels() > 1 ? "all channels," : "head " + head + ",", largest());
    }

    /** The largest magnitude, of what went to no token too. */
    private float largest() {
        float largest = weights.largest();
        for (int row = 0; rest && row < weights.rows(); row++) {
            largest = Math.max(largest, AttentionPicture.rest(weights, row));
        }
        return largest;
    }

    /** About how many pixels the longest label takes, in a font of 11. */
    private static int longest(List<String> labels) {
        return labels.stream().mapToInt(String::length).max().orElse(0) * 7;
    }

    private static String shown(String token) {
        String text = token.replace("\n", "↵").replace("\t", "⇥");
        text = text.isBlank() ? text.replace(" ", "·") : text.replaceFirst("^ ", "");
        text = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return text.length() > LONGEST_LABEL ? text.substring(0, LONGEST_LABEL - 1) + "…" : text;
    }

    private int columnsBefore() {
        return rest ? 2 : 0;
    }

    private int mapWidth() {
        return Math.ceilDiv(weights.columns() + columnsBefore(), merged) * cell;
    }

    private int mapHeight() {
        return Math.ceilDiv(weights.rows(), merged) * cell;
    }

    int width() {
        return Math.max(room + mapWidth() + 2, 110);
    }

    int height() {
        return CAPTION + room + mapHeight() + 2;
    }

    void paint(Graphics2D g, int x, int y) {
        g.setFont(SMALL);
        g.setColor(INK);
        g.drawString(caption, x, y + 11);
        int left = x + room;
        int top = y + CAPTION + room;
        float largest = largest();
        for (int row = 0; row < mapHeight() / cell; row++) {
            for (int column = 0; column < mapWidth() / cell; column++) {
                g.setColor(ColorScale.of(at(row, column), largest));
                g.fillRect(left + column * cell, top + row * cell, cell, cell);
            }
        }
        g.setColor(LINE);
        g.drawRect(left - 1, top - 1, mapWidth() + 1, mapHeight() + 1);
        g.setColor(INK);
        if (cell >= LABELLED_CELL) {
            labels(g, left, top);
        }
    }

    /** Of the weights that share a pixel the one of the largest magnitude. */
    private float at(int row, int column) {
        float largest = 0;
        for (int r = row * merged; r < Math.min((row + 1) * merged, weights.rows()); r++) {
            for (int c = column * merged; c < (column + 1) * merged; c++) {
                float weight = weight(r, c);
                largest = Math.abs(weight) > Math.abs(largest) ? weight : largest;
            }
        }
        return largest;
    }

    private float weight(int row, int column) {
        int c = column - columnsBefore();
        if (c >= 0) {
            return c < weights.columns() ? weights.get(row, c) : 0;
        }
        return column == 0 ? AttentionPicture.rest(weights, row) : 0;
    }

    private void labels(Graphics2D g, int left, int top) {
        int down = g.getFontMetrics().getAscent() / 2 - 1;
        int step = Math.ceilDiv(LABEL, cell);
        for (int row = 0; row < weights.rows(); row += step) {
            String label = label(row);
            g.drawString(label, left - 5 - g.getFontMetrics().stringWidth(label), top + row * cell + cell / 2 + down);
        }
        int first = rest && columnsBefore() * cell < LABEL ? step : 0;
        for (int column = first; column < weights.columns(); column += step) {
            upright(g, label(column), left + (column + columnsBefore()) * cell + cell / 2 + down, top - 5);
        }
        if (rest) {
            upright(g, SINK, left + cell / 2 + down, top - 5);
        }
    }

    private static void upright(Graphics2D g, String text, int x, int y) {
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        g.rotate(-Math.PI / 2);
        g.drawString(text, 0, 0);
        g.setTransform(before);
    }

    private String label(int i) {
        return i < labels.size() ? labels.get(i) : "#" + i;
    }
}
