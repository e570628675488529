package org.attention4j.tornado.machine;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task5;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Code that is compiled once and launched many times.
 *
 * @param name unique, letters and digits
 * @param group work-items in a work-group
 * @param cooperates whether the work-items of a group share memory and wait for each other
 * @param takesList whether its row is a list of what it does, so that several launches can become one
 * @param code what it does
 */
public record Kernel(String name, int group, boolean cooperates, boolean takesList, Code code) {
    /** The most work-groups of a launch whose kernel deals out what there is to do. */
    private static final int MOST_GROUPS = 1024;

    /** A method that TornadoVM compiles. */
    public sealed interface Code {
        /** One that reads no bytes. */
        record Plain(Task4<KernelContext, IntArray, IntArray, FloatArray> method) implements Code {}

        /** One that also reads an array of bytes. */
        record OnBytes(Task5<KernelContext, IntArray, IntArray, FloatArray, ByteArray> method) implements Code {}
    }

    /** A kernel that reads no bytes: {@code method} is a reference to a static method. */
    public static Kernel of(
            String name, int group, boolean cooperates, Task4<KernelContext, IntArray, IntArray, FloatArray> method) {
        return new Kernel(name, group, cooperates, false, new Code.Plain(method));
    }

    /** The same for a kernel whose row is a list, and whose work-items don't cooperate. */
    public static Kernel list(String name, int group, Task4<KernelContext, IntArray, IntArray, FloatArray> method) {
        return new Kernel(name, group, false, true, new Code.Plain(method));
    }

    /** A kernel that reads weights: {@code method} is a reference to a static method. */
    public static Kernel onBytes(
            String name,
            int group,
            boolean takesList,
            Task5<KernelContext, IntArray, IntArray, FloatArray, ByteArray> method) {
        return new Kernel(name, group, false, takesList, new Code.OnBytes(method));
    }

    /** The same for a kernel whose work-items cooperate. */
    public static Kernel together(
            String name, int group, Task5<KernelContext, IntArray, IntArray, FloatArray, ByteArray> method) {
        return new Kernel(name, group, true, false, new Code.OnBytes(method));
    }

    /** Work-items for {@code count} things to do, of which a work-item may do several: whole work-groups. */
    public int itemsFor(long count) {
        return (int) Math.max(1, Math.min(MOST_GROUPS, Math.ceilDiv(count, group))) * group;
    }
}
