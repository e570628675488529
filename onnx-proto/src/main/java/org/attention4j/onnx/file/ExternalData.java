package org.attention4j.onnx.file;

import java.util.HashMap;
import java.util.Map;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Where a tensor's bytes are in a side file.
 *
 * @param location the side file's path relative to the model's folder, with {@code /} between its parts
 * @param offset the first byte
 * @param length the number of bytes; negative: as many as the tensor's type and dimensions say
 */
record ExternalData(String location, long offset, long length) {
    static final String LOCATION = "location";
    static final String OFFSET = "offset";
    static final String LENGTH = "length";

    /** What {@code tensor} says. Unknown keys are ignored, as the specification asks. */
    static ExternalData of(TensorProto tensor) throws OnnxFormatException {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (entries.put(entry.getKey(), entry.getValue()) != null) {
                throw new OnnxFormatException(
                        "tensor '%s': external data has two entries '%s'".formatted(tensor.getName(), entry.getKey()));
            }
        }
        String location = entries.get(LOCATION);
        if (location == null || location.isEmpty()) {
            throw new OnnxFormatException("tensor '%s': external data has no location".formatted(tensor.getName()));
        }
        return new ExternalData(
                location,
                number(tensor, OFFSET, entries.get(OFFSET), 0),
                number(tensor, LENGTH, entries.get(LENGTH), -1));
    }

    private static long number(TensorProto tensor, String key, @Nullable String text, long absent)
            throws OnnxFormatException {
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw invalid(tensor, key, text, e);
        }
        throw invalid(tensor, key, text, null);
    }

    private static OnnxFormatException invalid(
            TensorProto tensor, String key, String text, @Nullable NumberFormatException cause) {
        String message = "tensor '%s': external data has %s '%s', expected a number from 0 on"
                .formatted(tensor.getName(), key, text);
        return cause == null ? new OnnxFormatException(message) : new OnnxFormatException(message, cause);
    }

    /** Writes this into {@code tensor}. */
    void setIn(TensorProto.Builder tensor) {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .clearExternalData()
                .addExternalData(entry(LOCATION, location))
                .addExternalData(entry(OFFSET, Long.toString(offset)))
                .addExternalData(entry(LENGTH, Long.toString(length)));
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
