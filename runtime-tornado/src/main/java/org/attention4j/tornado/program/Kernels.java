package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import org.attention4j.tornado.machine.Kernel;

/** The kernels of primitives. */
public final class Kernels {
    /** In no order. */
    public static final ImmutableList<Kernel> OF_PRIMITIVES = ImmutableList.of(
            Emitter.MAP,
            Reductions.LINES,
            Reductions.GROUPS,
            Products.MATMUL,
            Lines.RUNNING_SUMS,
            Lines.SCATTER_ADD,
            Lines.TOP_K);

    private Kernels() {}
}
