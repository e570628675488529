package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;
import org.attention4j.tornado.kernel.LargestKernel;
import org.attention4j.tornado.machine.Kernel;

/** The largest entries of lines: of short ones by counting, of long ones part by part. */
final class Largest {
    private static final Kernel LARGEST = Kernel.of("largest", LargestKernel.GROUP, true, LargestKernel::run);

    /** Counting takes as many steps as the square of this. */
    private static final int LONG_LINE = 512;
    /** Parts take as many steps as there are entries to find. */
    private static final int MOST_ENTRIES = 256;
    /** Entries of a part. */
    private static final int PART = 2048;

    private Largest() {}

    /** Whether lines are so long, and so few entries wanted, that this is the way. */
    static boolean isFor(boolean isFloat, int length, int count) {
        return isFloat && length > LONG_LINE && count <= MOST_ENTRIES;
    }

    /** Finds {@code count} entries of each line along an axis of {@code x}, and their indexes. */
    static void launch(Lowerer l, Expr.Load x, int[] dims, int axis, int count, Expr.Load values, Expr.Load indexes) {
        int parts = Math.ceilDiv(dims[axis], PART);
        if (parts == 1) {
            launch(l, dims, axis, new int[] {dims[axis], count, 1, dims[axis], 0}, x, indexes, values, indexes);
            return;
        }
        int[] some = dims.clone();
        some[axis] = parts * count;
        Expr.Load partValues = l.allocate(true, some);
        Expr.Load partIndexes = l.allocate(false, some);
        launch(l, dims, axis, new int[] {dims[axis], count, parts, PART, 0}, x, indexes, partValues, partIndexes);
        int[] sizes = {some[axis], count, 1, some[axis], 1};
        launch(l, some, axis, sizes, partValues, partIndexes, values, indexes);
    }

    private static void launch(Lowerer l, int[] dims, int axis, int[] sizes, Expr.Load... operands) {
        int[] others = Lines.without(dims, axis);
        long lines = Held.elements(others);
        if (lines == 0) {
            return;
        }
        Row row = new Row().add(sizes).add(others.length).addDims(others);
        for (Expr.Load o : operands) {
            row.add(Lines.axisLast(o.access(), axis));
        }
        int groups = Math.toIntExact(lines * sizes[LargestKernel.PARTS]);
        List<Buffer> reads = Arrays.stream(operands).map(Expr.Load::buffer).toList();
        l.emitter()
                .launch(LARGEST, row, groups * LargestKernel.GROUP, reads, operands[2].buffer(), operands[3].buffer());
    }
}
