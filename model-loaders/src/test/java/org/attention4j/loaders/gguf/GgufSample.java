package org.attention4j.loaders.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.LittleEndianBuffer;

/** GGUF files made by hand, valid or not, and a reader that touches everything in one. */
final class GgufSample {
    static final Path NAME = Path.of("sample.gguf");

    private final List<Consumer<LittleEndianBuffer>> pairs = new ArrayList<>();
    private final List<Consumer<LittleEndianBuffer>> tensors = new ArrayList<>();
    private int dataBytes;

    /** Adds a metadata pair: the key, then what {@code value} writes, type first. */
    GgufSample pair(String key, Consumer<LittleEndianBuffer> value) {
        pairs.add(out -> value.accept(out.sizedUtf8(key)));
        return this;
    }

    /** Adds a string. */
    GgufSample text(String key, String value) {
        return pair(key, out -> out.i32(8).sizedUtf8(value));
    }

    /** Adds a tensor's table entry; {@code ne} is in the file's order, contiguous dimension first. */
    GgufSample tensor(String name, int type, long offset, long... ne) {
        tensors.add(out -> {
            out.sizedUtf8(name).i32(ne.length);
            for (long n : ne) {
                out.i64(n);
            }
            out.i32(type).i64(offset);
        });
        return this;
    }

    /** Sets how many bytes of tensor data follow the header. */
    GgufSample data(int bytes) {
        dataBytes = bytes;
        return this;
    }

    byte[] bytes() {
        LittleEndianBuffer header = start(3, tensors.size(), pairs.size());
        pairs.forEach(p -> p.accept(header));
        tensors.forEach(t -> t.accept(header));
        byte[] head = header.toByteArray();
        int padding = Math.floorMod(-head.length, 32);
        return new LittleEndianBuffer()
                .bytes(head)
                .bytes(new byte[padding + dataBytes])
                .toByteArray();
    }

    GgufFile open() {
        return GgufSample.read(bytes());
    }

    /** The magic number, a version and the two counts. */
    static LittleEndianBuffer start(int version, long numTensors, long numPairs) {
        return new LittleEndianBuffer()
                .i32(GgufHeader.MAGIC)
                .i32(version)
                .i64(numTensors)
                .i64(numPairs);
    }

    static GgufFile read(byte[] bytes) {
        return GgufFile.of(NAME, MemorySegment.ofArray(bytes));
    }

    /** A file with a value of every kind and tensors of plain, quantised and unknown types. */
    static byte[] valid() {
        return new GgufSample()
                .text("general.architecture", "llama")
                .pair("llama.block_count", out -> out.i32(4).i32(2))
                .pair("llama.rope.freq_base", out -> out.i32(6).f32(10000))
                .pair("u8", out -> out.i32(0).i8(255))
                .pair("i8", out -> out.i32(1).i8(255))
                .pair("u16", out -> out.i32(2).i8(255).i8(255))
                .pair("i16", out -> out.i32(3).i8(255).i8(255))
                .pair("i32", out -> out.i32(5).i32(-3))
                .pair("bool", out -> out.i32(7).i8(1))
                .pair("u64", out -> out.i32(10).i64(-1))
                .pair("i64", out -> out.i32(11).i64(-1))
                .pair("f64", out -> out.i32(12).i64(Double.doubleToRawLongBits(0.1)))
                .pair(
                        "texts",
                        out -> out.i32(9)
                                .i32(8)
                                .i64(3)
                                .sizedUtf8("a")
                                .sizedUtf8("")
                                .sizedUtf8("é"))
                .pair("floats", out -> out.i32(9).i32(6).i64(2).f32(1.5f).f32(-2))
                .pair("bytes", out -> out.i32(9).i32(0).i64(3).i8(1).i8(2).i8(3))
                .tensor("token_embd.weight", 0, 0, 2, 3)
                .tensor("blk.0.attn_q.weight", 8, 32, 32)
                .tensor("blk.0.ffn_up.weight", 99, 96, 7, 5)
                .tensor("blk.0.ffn_down.weight", 2, 128, 64)
                .data(128 + 36)
                .bytes();
    }

    /** A file with a block of every type that has blocks. */
    static byte[] blocks() {
        GgufSample sample = new GgufSample().text("general.architecture", "llama");
        int offset = 0;
        for (GgmlType type : GgmlType.values()) {
            if (type.blockSize() > 1) {
                sample.tensor(type.name(), type.id(), offset, type.blockSize());
                offset += padded(type);
            }
        }
        return sample.data(offset).bytes();
    }

    /** How many bytes of {@link #blocks} are those of blocks, and between them. */
    static int blockBytes() {
        return Arrays.stream(GgmlType.values())
                .filter(t -> t.blockSize() > 1)
                .mapToInt(GgufSample::padded)
                .sum();
    }

    private static int padded(GgmlType type) {
        return Math.ceilDiv(type.blockBytes(), 32) * 32;
    }

    /** Reads everything that a file offers. */
    static void readAll(GgufFile file) {
        readAll(file.metadata());
        for (TensorInfo info : file.tensors()) {
            if (info.dtype().isPresent() && info.shape().elements() > 0) {
                Tensor tensor = file.tensor(info.name());
                tensor.data().get(ValueLayout.JAVA_BYTE, tensor.data().byteSize() - 1);
                if (tensor.dtype().isQuantized() && info.shape().elements() <= 4096) {
                    tensor.toFloatArray();
                }
            }
        }
        GgufCheckpoint checkpoint = new GgufCheckpoint(file);
        checkpoint.config().size("num_hidden_layers", 1);
        checkpoint.config().size("vocab_size", 1);
        checkpoint.config().number("rope_parameters.rope_theta", 1);
    }

    private static void readAll(Config metadata) {
        for (String key : metadata.keys()) {
            if (metadata.find(key).orElseThrow() instanceof List<?> list) {
                list.forEach(Objects::requireNonNull);
            }
        }
    }
}
