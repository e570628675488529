package org.attention4j.pictures;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Images as PNG files have them. */
final class Pngs {
    private Pngs() {}

    static byte[] encode(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this JVM writes no PNG images, expected one with the module java.desktop");
        }
        return out.toByteArray();
    }
}
