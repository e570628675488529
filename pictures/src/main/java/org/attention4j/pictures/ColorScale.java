package org.attention4j.pictures;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The colours of weights: paper where there is none, blue above 0, red below, darker the larger they are. The smallest weight that
 * counts is told apart from none. The colours are ColorBrewer's Blues and Reds, which colour-blind people can tell apart, and
 * lightness alone tells magnitudes.
 */
final class ColorScale {
    static final Color PAPER = Color.WHITE;

    /** Parts of the largest weight below this are none: what a decay has left of a token long ago is seldom exactly 0. */
    private static final double LEAST = 1e-6;

    private static final int[] BLUES = {0xdbe9f6, 0xbad6eb, 0x89bedc, 0x539ecd, 0x2b7bba, 0x0b559f, 0x08306b};
    private static final int[] REDS = {0xfee3d6, 0xfcbea5, 0xfc9272, 0xf6563f, 0xdb2824, 0xaf1117, 0x67000d};

    private ColorScale() {}

    /**
     * The colour of a weight: its magnitude's square root tells how dark it is, so that many small weights are seen beside a large
     * one.
     *
     * @param largest the largest magnitude in the same picture
     */
    static Color of(float weight, float largest) {
        double part = largest == 0 ? 0 : Math.min(1, Math.abs(weight) / largest);
        return part >= LEAST ? at(weight < 0 ? REDS : BLUES, Math.sqrt(part)) : PAPER;
    }

    private static Color at(int[] colors, double where) {
        double x = where * (colors.length - 1);
        int i = Math.min((int) x, colors.length - 2);
        double part = x - i;
        return new Color(
                mix(colors[i] >> 16, colors[i + 1] >> 16, part),
                mix(colors[i] >> 8, colors[i + 1] >> 8, part),
                mix(colors[i], colors[i + 1], part));
    }

    private static int mix(int a, int b, double part) {
        return (int) Math.round((a & 0xff) * (1 - part) + (b & 0xff) * part);
    }

    /** The colours above 0, from pale to dark, as a style sheet has them. */
    static List<String> blues() {
        return css(BLUES);
    }

    /** The colours below 0. */
    static List<String> reds() {
        return css(REDS);
    }

    private static List<String> css(int[] colors) {
        List<String> all = new ArrayList<>();
        for (int color : colors) {
            all.add(String.format(Locale.ROOT, "#%06x", color));
        }
        return all;
    }
}
