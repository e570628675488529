package org.attention4j.onnx.linear;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;

/** The zero points of a matrix as operators want them: those of a row packed like its numbers, each row in whole bytes. */
final class ZeroPointSource implements ExternalDataWriter.Source {
    private static final int LARGEST_CHUNK = 1 << 18;

    private final BlockSource groups;
    private final int bits;
    private final byte[] row;

    /** Of the rows of {@code tensor}; the layout has zero points. */
    ZeroPointSource(Tensor tensor, BlockLayout layout) {
        this.groups = new BlockSource(tensor, layout.zeroPoints().orElseThrow());
        this.bits = layout.bits();
        this.row = new byte[Math.toIntExact(layout.groups(tensor.shape().dim(1)))];
    }

    /** How many bytes the zero points of a row of {@code columns} weights take. */
    static long rowBytes(BlockLayout layout, long columns) {
        return Math.ceilDiv(layout.groups(columns) * layout.bits(), Byte.SIZE);
    }

    /** A whole number of rows. */
    static int chunkBytes(long rowBytes) {
        return Math.toIntExact(Math.max(1, LARGEST_CHUNK / rowBytes) * rowBytes);
    }

    @Override
    public void read(long offset, MemorySegment target) {
        long rowBytes = Math.ceilDiv((long) row.length * bits, Byte.SIZE);
        long first = offset / rowBytes;
        int rows = Math.toIntExact(target.byteSize() / rowBytes);
        MemorySegment all = MemorySegment.ofArray(new byte[Math.multiplyExact(rows, row.length)]);
        groups.read(first * row.length, all);
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(all, ValueLayout.JAVA_BYTE, (long) r * row.length, row, 0, row.length);
            pack(target.asSlice(r * rowBytes, rowBytes));
        }
    }

    private void pack(MemorySegment target) {
        int perByte = Byte.SIZE / bits;
        for (int i = 0; i < row.length; i += perByte) {
            int packed = 0;
            for (int j = 0; j < perByte && i + j < row.length; j++) {
                packed |= (row[i + j] & 0xff) << (j * bits);
            }
            target.set(ValueLayout.JAVA_BYTE, i / perByte, (byte) packed);
        }
    }
}
