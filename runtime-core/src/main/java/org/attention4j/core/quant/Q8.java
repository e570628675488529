package org.attention4j.core.quant;

import org.attention4j.core.tensor.DType;

/** {@code Q8_0}: {@code f16 d; i8 qs[32]}. */
final class Q8 extends BlockCodec {
    static final Q8 INSTANCE = new Q8();

    private Q8() {
        super(DType.Q8_0, 32, -128, 127);
    }

    @Override
    public void quants(byte[] in, int at, byte[] q, int to) {
        System.arraycopy(in, at + 2, q, to, 32);
    }

    @Override
    public void scales(byte[] in, int at, float[] scales, int to) {
        scales[to] = f16(in, at);
    }
}
