package org.attention4j.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.asm.MappedMemory;

/**
 * Block-quantised weights {@code [rows, columns]} in panels of 16 rows, bit for bit. Of a panel, the integers of 32 columns lie together
 * as {@code [8][16 rows][4 columns]} bytes (Q4_0: {@code [4][16 rows][4]}, two columns in a byte), so that one register holds four
 * columns of all rows, which is how VNNI and AMX multiply; the scales lie apart as {@code [columns / 32][16 rows]} of half precision.
 * One copy serves one token and many.
 */
public final class PackedMatrix implements AutoCloseable {
    /** Rows of a panel. */
    public static final int PANEL = 16;

    private static final int SCALE = Short.BYTES;
    /** What is read of a tensor before it leaves memory again. */
    private static final long CHUNK_BYTES = 8L << 20;

    private final Arena arena = Arena.ofShared();
    private final BlockFormat format;
    private final long rows;
    private final long columns;
    private final MemorySegment quants;
    private final MemorySegment scales;

    private PackedMatrix(BlockFormat format, long rows, long columns) {
        this.format = format;
        this.rows = rows;
        this.columns = columns;
        this.quants = MappedMemory.data(panels() * panelBytes(), arena);
        this.scales = MappedMemory.data(panels() * panelScaleBytes(), arena);
    }

    /**
     * Packs matrices, one below the other.
     *
     * @param tensors {@code [rows, columns]} of one type and one number of columns; what was read of them leaves memory
     * @throws IllegalArgumentException if there is no {@link BlockFormat} of their type
     */
    public static PackedMatrix pack(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        BlockFormat format = BlockFormat.of(first.dtype())
                .orElseThrow(() -> new IllegalArgumentException(
                        "weights: %s, expected one of %s".formatted(first.dtype(), List.of(BlockFormat.values()))));
        long rows = tensors.stream().mapToLong(t -> t.shape().dim(0)).sum();
        PackedMatrix packed = new PackedMatrix(format, rows, first.shape().dim(1));
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
            long step = Math.max(PANEL, CHUNK_BYTES / rowBytes(t) / PANEL * PANEL);
            for (long done = 0; done < t.shape().dim(0); done += step) {
                Tensor part = t.rows(done, Math.min(step, t.shape().dim(0) - done));
                put(part, row + done);
                part.unload();
            }
            row += t.shape().dim(0);
        }
    }

    public BlockFormat format() {
        return format;
    }

    public long rows() {
        return rows;
    }

    public long columns() {
        return columns;
    }

    /** Of memory. */
    public long bytes() {
        return quants.byteSize() + scales.byteSize();
    }

    long panels() {
        return Math.ceilDiv(rows, PANEL);
    }

    long blocks() {
        return columns / BlockFormat.BLOCK;
    }

    long panelBytes() {
        return blocks() * format.panelBlockBytes();
    }

    long panelScaleBytes() {
        return blocks() * PANEL * SCALE;
    }

    MemorySegment quants() {
        return quants;
    }

    MemorySegment scales() {
        return scales;
    }

    private long rowBytes(Tensor t) {
        return blocks() * t.dtype().blockBytes();
    }

    private void put(Tensor t, long firstRow) {
        long rowBytes = rowBytes(t);
        long count = t.shape().dim(0);
        MethodHandle packing = Packing.of(format);
        try (Arena copy = Arena.ofConfined()) {
            MemorySegment blocks = inNativeMemory(t.bytes(0, count * rowBytes), copy);
            try {
                int parts = (int) Math.min(Runtime.getRuntime().availableProcessors(), Math.ceilDiv(count, PANEL));
                IntStream.range(0, parts).parallel().forEach(part -> {
                    for (long r = count * part / parts; r < count * (part + 1) / parts; r++) {
                        putRow(packing, blocks.address() + r * rowBytes, firstRow + r);
                    }
                });
            } finally {
                Reference.reachabilityFence(blocks);
            }
        }
    }

    /** The same bytes where generated code can read them. */
    static MemorySegment inNativeMemory(MemorySegment blocks, Arena arena) {
        return blocks.isNative() ? blocks : arena.allocate(blocks.byteSize()).copyFrom(blocks);
    }

    private void putRow(MethodHandle packing, long blocks, long row) {
        long panel = row / PANEL;
        long lane = row % PANEL;
        long to = quants.address() + panel * panelBytes() + lane * Integer.BYTES;
        long scaleTo = scales.address() + panel * panelScaleBytes() + lane * SCALE;
        try {
            packing.invokeExact(blocks, blocks(), to, scaleTo);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Frees its memory. */
    @Override
    public void close() {
        arena.close();
    }
}
