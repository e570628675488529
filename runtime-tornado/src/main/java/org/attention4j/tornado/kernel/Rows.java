package org.attention4j.tornado.kernel;

/**
 * Where things stand in the numbers that tell a kernel what to do: the cursor, which differs from launch to launch, and the row
 * in the table that it points to.
 *
 * <p>The cursor holds the row, the indexes of up to two loops around the launch, and the bases to which offsets are relative.
 * An operand is {@code [offset, base, stride of loop 0, stride of loop 1, stride along a gathered axis, size of that axis,
 * stride of each dimension]}, all in elements.
 */
public final class Rows {
    /** In the cursor: where the launch's row begins. */
    public static final int ROW = 0;
    /** In the cursor: the index of the outer loop, and after it that of the inner one. */
    public static final int LOOP = 1;
    /** In the cursor: the base of absolute offsets, which is 0. */
    public static final int ABSOLUTE = 3;
    /** In the cursor: where the execution's float states begin, and after it its integer states. */
    public static final int STATE = 4;
    /** In the cursor: where temporary floats begin, and after it temporary integers. */
    public static final int SCRATCH = 6;
    /** Numbers in a cursor. */
    public static final int CURSOR = 8;

    /** The most dimensions that a launch runs over. */
    public static final int MAX_RANK = 8;
    /** In an operand: the stride along a gathered axis, and after it the axis' size. */
    public static final int AXIS = 4;
    /** In an operand: the strides of the dimensions. */
    public static final int STRIDES = 6;
    /** Numbers in an operand. */
    public static final int OPERAND = STRIDES + MAX_RANK;

    /** In the integers: the row of a launch that failed, or 0. */
    public static final int FAILED = 0;
    /** In the integers: what is free for use, after the cell of failures. */
    public static final int FIRST_INT = 16;
    /** In the floats: entry i is 2^(i − 150), for i up to 277. */
    public static final int POWERS = 0;
    /** In the floats: what is free for use, after the powers. */
    public static final int FIRST_FLOAT = 288;

    private Rows() {}
}
