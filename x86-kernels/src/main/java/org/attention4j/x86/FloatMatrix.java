package org.attention4j.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
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
    private final MethodHandle packing;

    private FloatMatrix(DType dtype, long rows, long columns) {
        this.dtype = dtype;
        this.rows = rows;
        this.columns = columns;
        this.packing = Packing.of(dtype);
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
            put(t, row);
            t.unload();
            row += t.shape().dim(0);
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

    private void put(Tensor t, long firstRow) {
        long count = t.shape().dim(0);
        try (Arena copy = Arena.ofConfined()) {
            MemorySegment from = PackedMatrix.inNativeMemory(t.bytes(0, count * rowBytes()), copy);
            try {
                for (long r = 0; r < count; r++) {
                    putRow(from.address() + r * rowBytes(), firstRow + r);
                }
            } finally {
                Reference.reachabilityFence(from);
            }
        }
    }

    private void putRow(long from, long row) {
        long to = row / PackedMatrix.PANEL * panelBytes() + row % PackedMatrix.PANEL * dtype.blockBytes();
        try {
            packing.invokeExact(from, columns, panels.address() + to);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
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
