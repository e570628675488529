package org.attention4j.loaders.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.TensorContents;

/** The blocks of a layer's weight: of each output, one after the other, those of its inputs in sorted order. */
record GroupBlocks(DType dtype, GroupedLayer layer) implements TensorContents {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HEADER = Float.BYTES + 1;
    /** Many enough to read whole cache lines of words that lie by inputs. */
    private static final int OUTPUTS_AT_ONCE = 256;

    /** The types with blocks of this size, the one with the fewest bits first. */
    static Stream<DType> types(int blockSize) {
        return switch (blockSize) {
            case 16 -> Stream.of(DType.INT4_G16, DType.INT8_G16);
            case 32 -> Stream.of(DType.INT4_G32, DType.INT8_G32);
            case 64 -> Stream.of(DType.INT2_G64, DType.INT4_G64, DType.INT8_G64);
            case 128 -> Stream.of(DType.INT2_G128, DType.INT4_G128, DType.INT8_G128);
            default -> Stream.of();
        };
    }

    /** How many bits each q has in blocks of a type. */
    static int bits(DType dtype) {
        return (dtype.blockBytes() - HEADER) * Byte.SIZE / dtype.blockSize();
    }

    @Override
    public void read(long offset, MemorySegment target) {
        int perRow = layer.numInputs() / dtype.blockSize();
        byte[] codes = new byte[OUTPUTS_AT_ONCE * dtype.blockSize()];
        long block = offset / dtype.blockBytes();
        long end = block + target.byteSize() / dtype.blockBytes();
        long at = 0;
        while (block < end) {
            int column = (int) (block % perRow);
            int columns = (int) Math.min(perRow - column, end - block);
            int outputs = columns < perRow ? 1 : (int) Math.min((end - block) / perRow, OUTPUTS_AT_ONCE);
            Tile tile = new Tile(block / perRow, outputs, target, (long) perRow * dtype.blockBytes());
            for (int c = 0; c < columns; c++) {
                write(tile, column + c, codes, at + (long) c * dtype.blockBytes());
            }
            block += (long) outputs * columns;
            at += (long) outputs * columns * dtype.blockBytes();
        }
    }

    /** Some consecutive outputs, whose blocks lie {@code stride} bytes from each other in {@code target}. */
    private record Tile(long firstOutput, int outputs, MemorySegment target, long stride) {}

    /** Writes one block of each output. */
    private void write(Tile tile, int column, byte[] codes, long at) {
        int size = dtype.blockSize();
        int group = layer.order().groupOfBlock(column);
        layer.codes().read(tile.firstOutput, tile.outputs, layer.order().inputs(), column * size, size, codes);
        for (int o = 0; o < tile.outputs; o++) {
            long block = at + o * tile.stride;
            tile.target.set(F32, block, layer.scale(group, tile.firstOutput + o));
            int zeroPoint = layer.codes().zeroPoint(group, tile.firstOutput + o);
            tile.target.set(ValueLayout.JAVA_BYTE, block + Float.BYTES, (byte) zeroPoint);
            pack(codes, o * size, tile.target, block + HEADER);
        }
    }

    private void pack(byte[] codes, int from, MemorySegment target, long to) {
        int bits = bits(dtype);
        int perByte = Byte.SIZE / bits;
        for (int i = 0; i < dtype.blockSize(); i += perByte) {
            int packed = 0;
            for (int j = 0; j < perByte; j++) {
                packed |= (codes[from + i + j] & 0xff) << (j * bits);
            }
            target.set(ValueLayout.JAVA_BYTE, to + i / perByte, (byte) packed);
        }
    }

    @Override
    public void unload() {
        layer.codes().unload();
    }
}
