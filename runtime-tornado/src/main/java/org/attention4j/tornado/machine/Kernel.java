package org.attention4j.tornado.machine;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Code that is compiled once and launched many times.
 *
 * @param name unique, letters and digits
 * @param group work-items in a work-group
 * @param cooperates whether the work-items of a group share memory and wait for each other
 * @param code a reference to a static method, which TornadoVM compiles
 */
public record Kernel(
        String name, int group, boolean cooperates, Task4<KernelContext, IntArray, IntArray, FloatArray> code) {
    /** The most work-groups of a launch whose kernel deals out what there is to do. */
    private static final int MOST_GROUPS = 1024;

    /** Work-items for {@code count} things to do, of which a work-item may do several: whole work-groups. */
    public int itemsFor(long count) {
        return (int) Math.max(1, Math.min(MOST_GROUPS, Math.ceilDiv(count, group))) * group;
    }
}
