package org.attention4j.pictures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.WeightMatrix;

/** An {@link AttentionPicture} as a web page. */
final class AttentionPage {
    /** What the page's script reads. */
    record Data(
            String title,
            String subtitle,
            List<String> tokens,
            List<String> blues,
            List<String> reds,
            List<MapData> maps,
            List<String> skipped) {}

    /** A map. */
    record MapData(int layer, String label, String mixer, String description, String meaning, List<HeadData> heads) {}

    /**
     * A head.
     *
     * @param causal whether only columns up to the row's own are there
     * @param largest what the numbers are to be multiplied by
     * @param weights float16 numbers, little-endian, row by row, in base64
     * @param rest for each row what went to no token; empty: nothing
     */
    record HeadData(
            int head,
            int rows,
            int columns,
            boolean causal,
            boolean negative,
            float largest,
            String weights,
            List<Float> rest) {}

    /** The least float16 above 0: no weight that there is becomes none. */
    private static final float LEAST = 0x1p-24f;

    private AttentionPage() {}

    static void write(AttentionPicture picture, Path file) throws IOException {
        Data data = new Data(
                picture.title(),
                picture.subtitle(),
                picture.tokens(),
                ColorScale.blues(),
                ColorScale.reds(),
                picture.attention().maps().stream().map(AttentionPage::map).toList(),
                picture.attention().skipped().stream()
                        .map(EffectiveAttention.Skipped::reason)
                        .toList());
        Pages.write("attention.html", picture.title(), data, file);
    }

    private static MapData map(AttentionMap map) {
        List<HeadData> heads = new ArrayList<>();
        map.heads().forEach((head, weights) -> heads.add(head(map, head, weights)));
        return new MapData(
                map.layer(), map.label(), map.mixer(), map.description(), AttentionPicture.meaning(map), heads);
    }

    private static HeadData head(AttentionMap map, int head, WeightMatrix weights) {
        List<Float> rest = new ArrayList<>();
        if (AttentionPicture.hasRest(map, weights)) {
            for (int row = 0; row < weights.rows(); row++) {
                rest.add(AttentionPicture.rest(weights, row));
            }
        }
        float largest = weights.largest();
        boolean causal = weights.isCausal();
        return new HeadData(
                head,
                weights.rows(),
                weights.columns(),
                causal,
                weights.hasNegative(),
                largest,
                encoded(weights, causal, largest),
                rest);
    }

    private static String encoded(WeightMatrix weights, boolean causal, float largest) {
        ByteBuffer bytes =
                ByteBuffer.allocate(2 * weights.rows() * weights.columns()).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < weights.rows(); row++) {
            int columns = causal ? Math.min(row + 1, weights.columns()) : weights.columns();
            for (int column = 0; column < columns; column++) {
                bytes.putShort(half(weights.get(row, column), largest));
            }
        }
        byte[] used = new byte[bytes.position()];
        bytes.flip().get(used);
        return Base64.getEncoder().encodeToString(used);
    }

    private static short half(float weight, float largest) {
        if (weight == 0) {
            return 0;
        }
        return Float.floatToFloat16(Math.copySign(Math.max(Math.abs(weight / largest), LEAST), weight));
    }
}
