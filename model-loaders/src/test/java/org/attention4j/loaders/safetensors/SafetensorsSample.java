package org.attention4j.loaders.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.io.LittleEndianBuffer;

/** safetensors files made by hand, valid or not, and a reader that touches everything in one. */
final class SafetensorsSample {
    static final String VALID_HEADER = """
        {"__metadata__":{"format":"pt"},
         "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
         "b":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[24,28]},
         "c":{"dtype":"I64","shape":[],"data_offsets":[28,36]},
         "d":{"dtype":"F6","shape":[4],"data_offsets":[36,39]},
         "e":{"dtype":"BF16","shape":[0,2],"data_offsets":[39,39]}}\
        """;

    private SafetensorsSample() {}

    static byte[] valid() {
        return bytes(VALID_HEADER, 39);
    }

    /** The header's length, the header and {@code dataBytes} bytes of data. */
    static byte[] bytes(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return new LittleEndianBuffer()
                .i64(json.length)
                .bytes(json)
                .bytes(new byte[dataBytes])
                .toByteArray();
    }

    static SafetensorsFile read(byte[] bytes) {
        return SafetensorsFile.of(Path.of("sample.safetensors"), MemorySegment.ofArray(bytes));
    }

    /** Reads everything that a file offers. */
    static void readAll(SafetensorsFile file) {
        file.metadata().keys().forEach(key -> file.metadata().text(key));
        for (TensorInfo info : file.tensors()) {
            if (info.dtype().isPresent() && info.bytes() > 0) {
                Tensor tensor = file.tensor(info.name());
                tensor.data().get(ValueLayout.JAVA_BYTE, tensor.data().byteSize() - 1);
            }
        }
    }
}
