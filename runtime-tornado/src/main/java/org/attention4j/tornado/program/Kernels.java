package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import org.attention4j.tornado.machine.Kernel;

/** All kernels that programs launch. */
public final class Kernels {
    /** In no order. */
    public static final ImmutableList<Kernel> ALL = ImmutableList.of(
            Emitter.MAP,
            Reductions.LINES,
            Reductions.GROUPS,
            Products.MATMUL,
            Lines.RUNNING_SUMS,
            Lines.SCATTER_ADD,
            Lines.TOP_K);

    private Kernels() {}
}
