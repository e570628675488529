package org.attention4j.tornado.machine;

import org.attention4j.tornado.kernel.Rows;

/** The powers of two that kernels look up, for they can't make a float of its bits. */
final class Powers {
    private Powers() {}

    static float[] table() {
        float[] powers = new float[Rows.FIRST_FLOAT];
        for (int i = 0; i < 278; i++) {
            powers[Rows.POWERS + i] = (float) Math.pow(2, i - 150);
        }
        return powers;
    }
}
