package org.attention4j.tornado.machine;

/** The large arrays that hold values. */
public enum Bank {
    /** Values of all float dtypes, as 32-bit floats. */
    FLOATS,
    /** Values of integer dtypes and BOOL, as 32-bit integers; and the table of what kernels do. */
    INTS;

    /** 0 for floats, 1 for integers: what comes in pairs has floats first. */
    public int index() {
        return this == FLOATS ? 0 : 1;
    }
}
