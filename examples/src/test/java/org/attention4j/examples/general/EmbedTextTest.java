package org.attention4j.examples.general;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.attention4j.ModelFiles;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.examples.SampleRun;
import org.attention4j.loaders.UnsupportedModelException;
import org.junit.jupiter.api.Test;

class EmbedTextTest {
    private static final String FIRST = "Lily lost her kite.";
    private static final String SECOND = "Tom found the ball behind the house.";

    @Test
    void theNearestTextComesFirst() throws IOException {
        List<String> lines = SampleRun.lines("embed");
        assertEquals("4 vectors of 128 entries; cosine with: Lily lost her kite near the river.", lines.get(1));
        assertTrue(lines.get(2).matches(" 0\\.5\\d\\d  Tom lost his ball by the lake\\."), lines::toString);
        assertTrue(lines.getLast().startsWith(" 0.0"), lines::toString);
    }

    @Test
    void withoutAnEncoderVectorsAreMeansOfTheTable() throws IOException {
        List<String> lines = SampleRun.lines("embed", FIRST, SECOND, FIRST);
        assertEquals(" 1.000  " + FIRST, lines.get(2));
        double[] a = mean(FIRST);
        double[] b = mean(SECOND);
        double expected = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
        assertEquals(expected, Double.parseDouble(lines.get(3).substring(0, 6)), 0.0006);
        assertEquals(SECOND, lines.get(3).substring(8));
    }

    private static double[] mean(String text) {
        try (ModelFiles files = ModelFiles.open("builtin:stories")) {
            Tensor table = files.checkpoint().tensor("model.embed_tokens.weight");
            double[] sum = new double[128];
            for (int id : files.tokenizer().encode(text, false)) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += table.getDouble(id * 128L + i);
                }
            }
            return sum;
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void aDecoderIsNoEncoder() {
        String message = String.valueOf(
                assertThrows(UnsupportedModelException.class, () -> SampleRun.lines("embed", "--model", "builtin:mha"))
                        .getMessage());
        assertTrue(message.contains("expected an encoder"), message);
    }
}
