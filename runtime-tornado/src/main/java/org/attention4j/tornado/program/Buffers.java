package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;

/** The memory of values. */
public final class Buffers {
    private Buffers() {}

    /** What these lie in. */
    public static List<Buffer> of(Expr.Load... loads) {
        return Arrays.stream(loads).map(Expr.Load::buffer).toList();
    }
}
