package org.attention4j.x86;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.asm.MappedMemory;

/**
 * F32 or F16 weights {@code [rows, columns]}, bit for bit, in panels of 16 rows, {@code [columns][16 rows]} each, so that one register holds a
 * column of all rows. One copy serves one token and many.
 */
public final class FloatMatrix implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final DType dtype;
    private final long rows;
    private final long columns;
    private final MemorySegment panels;

    private FloatMatrix(DType dtype, long rows, long columns) {
        this.dtype = dtype;
        this.rows = rows;
        this.columns = columns;
        this.panels = MappedMemory.data(panels() * panelBytes(), arena);
    }

    /**
     * Packs matrices, one below the other.
     *
     * @param tensors {@code [rows, columns]} of one type and one number of columns; what was read of them leaves memory
     * @throws IllegalArgumentException if the type isn't {@linkplain #supports one of these}
     */
    public static FloatMatrix pack(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        if (!supports(first.dtype())) {
            throw new IllegalArgumentException("weights: %s, expected F32 or F16".formatted(first.dtype()));
        }
        long rows = tensors.stream().mapToLong(t -> t.shape().dim(0)).sum();
        FloatMatrix packed = new FloatMatrix(first.dtype(), rows, first.shape().dim(1));
        try {
            packed.putAll(tensors);
            return packed;
        } catch (RuntimeException | Error e) {
            packed.close();
            throw e;
        }
    }

    private void putAll(List<Tensor> tensors) {
        long row = 0;
        for (Tensor t : tensors) {
            for (long r = 0; r < t.shape().dim(0); r++) {
                put(t.bytes(r * rowBytes(), rowBytes()), row++);
            }
            t.unload();
        }
    }

    /** Whether weights can be of this type. */
    public static boolean supports(DType dtype) {
        return dtype == DType.F32 || dtype == DType.F16;
    }

    DType dtype() {
        return dtype;
    }

    private long rowBytes() {
        return columns * dtype.blockBytes();
    }

    private void put(MemorySegment from, long row) {
        long panel = row / PackedMatrix.PANEL * panelBytes();
        long lane = row % PackedMatrix.PANEL;
        for (long c = 0; c < columns; c++) {
            long to = c * PackedMatrix.PANEL + lane;
            if (dtype == DType.F32) {
                panels.set(JAVA_INT, panel + to * Float.BYTES, from.get(JAVA_INT_UNALIGNED, c * Float.BYTES));
            } else {
                panels.set(JAVA_SHORT, panel + to * Short.BYTES, from.get(JAVA_SHORT_UNALIGNED, c * Short.BYTES));
            }
        }
    }

    public long rows() {
        return rows;
    }

    public long columns() {
        return columns;
    }

    long panels() {
        return Math.ceilDiv(rows, PackedMatrix.PANEL);
    }

    long panelBytes() {
        return rowBytes() * PackedMatrix.PANEL;
    }

    long address() {
        return panels.address();
    }

    /** Frees its memory. */
    @Override
    public void close() {
        arena.close();
    }
}
