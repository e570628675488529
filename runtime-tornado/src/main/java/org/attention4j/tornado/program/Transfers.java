package org.attention4j.tornado.program;

import java.lang.foreign.MemorySegment;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;

/** Tensors to a machine and from it. The machine's lock is held. */
public final class Transfers {
    private Transfers() {}

    /**
     * Writes a tensor's elements from an offset on.
     *
     * @param what it is, for messages
     */
    public static void write(Machine machine, Bank bank, int offset, String what, Tensor t) {
        if (bank == Bank.FLOATS) {
            machine.write(offset, t.toFloatArray(), 0, new int[0]);
        } else {
            machine.write(0, new float[0], offset, Integers.of(what, t));
        }
    }

    /** A new tensor of what lies from an offset on. */
    public static Tensor read(Machine machine, Bank bank, int offset, DType dtype, Shape shape) {
        int count = Math.toIntExact(shape.elements());
        return tensor(
                dtype,
                shape,
                bank == Bank.FLOATS ? machine.read(offset, count, 0, 0) : machine.read(0, 0, offset, count));
    }

    static Tensor tensor(DType dtype, Shape shape, Machine.Contents contents) {
        Tensor t = Tensor.zeros(dtype, shape);
        if (dtype == DType.F32) {
            t.data().copyFrom(MemorySegment.ofArray(contents.floats()));
        } else if (dtype.isFloat()) {
            for (int i = 0; i < contents.floats().length; i++) {
                t.setDouble(i, contents.floats()[i]);
            }
        } else {
            for (int i = 0; i < contents.ints().length; i++) {
                t.setLong(i, contents.ints()[i]);
            }
        }
        return t;
    }
}
