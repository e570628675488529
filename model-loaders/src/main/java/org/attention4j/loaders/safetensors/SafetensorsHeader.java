package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.ByteReader;
import org.attention4j.loaders.io.Extents;
import org.attention4j.loaders.io.Extents.Extent;
import org.attention4j.loaders.io.Json;
import tools.jackson.core.JsonParser;

/**
 * What precedes the tensors' bytes.
 *
 * @param metadata the strings of {@code __metadata__}
 * @param tensors in the order of the header
 * @param dataStart the offset in the file to which tensors' offsets are relative
 */
record SafetensorsHeader(Map<String, Object> metadata, List<Entry> tensors, long dataStart) {
    static final String METADATA_KEY = "__metadata__";

    /** The limit that the reference implementation sets. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final int MAX_DIMS = 32;

    /** One tensor; {@code type} is empty if its dtype is not known. */
    record Entry(String name, String typeName, Optional<SafetensorsType> type, Shape shape, long begin, long end) {}

    /** Reads and checks a header and, against the size of the file, where the tensors lie. */
    static SafetensorsHeader read(ByteReader in) {
        long length = in.i64("the length of the header");
        if (length < 2 || length > Math.min(LONGEST_HEADER, in.remaining())) {
            throw new ModelFormatException(
                    in.file(),
                    "the header's length is %s, expected 2 to %d (the file has %d bytes left)"
                            .formatted(Long.toUnsignedString(length), LONGEST_HEADER, in.remaining()));
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        Json.readObject(in.file(), in.take(length, "the header"), (name, value) -> {
            if (name.equals(METADATA_KEY)) {
                Json.members(
                        in.file(),
                        METADATA_KEY,
                        value,
                        (key, v) -> metadata.put(key, Json.string(in.file(), METADATA_KEY + " key " + quote(key), v)));
            } else {
                entries.add(readEntry(in.file(), name, value));
            }
        });
        checkExtents(in.file(), entries, in.remaining());
        return new SafetensorsHeader(metadata, entries, in.position());
    }

    private static Entry readEntry(Path file, String name, JsonParser value) {
        String what = "tensor " + quote(name);
        EntryFields fields = new EntryFields();
        Json.members(file, what, value, (key, v) -> {
            switch (key) {
                case "dtype" -> fields.type = Optional.of(Json.string(file, what + " dtype", v));
                case "shape" -> fields.dims = Optional.of(Json.sizes(file, what + " shape", v));
                case "data_offsets" -> fields.offsets = Optional.of(Json.sizes(file, what + " data_offsets", v));
                default ->
                    throw new ModelFormatException(
                            file,
                            "%s has an unknown field %s, expected dtype, shape and data_offsets"
                                    .formatted(what, quote(key)));
            }
        });
        return fields.check(file, name, what);
    }

    private static final class EntryFields {
        private Optional<String> type = Optional.empty();
        private Optional<long[]> dims = Optional.empty();
        private Optional<long[]> offsets = Optional.empty();

        private Entry check(Path file, String name, String what) {
            if (type.isEmpty() || dims.isEmpty() || offsets.isEmpty()) {
                throw new ModelFormatException(file, what + " lacks a field, expected dtype, shape and data_offsets");
            }
            long[] range = offsets.get();
            if (range.length != 2 || range[0] > range[1]) {
                throw new ModelFormatException(file, what + " data_offsets are not [begin, end] with begin <= end");
            }
            Shape shape = shape(file, what, dims.get());
            Optional<SafetensorsType> known = SafetensorsType.of(type.get());
            if (known.isPresent() && size(file, what, known.get(), shape) != range[1] - range[0]) {
                throw new ModelFormatException(
                        file,
                        "%s takes %d bytes, expected %d for %s%s"
                                .formatted(
                                        what,
                                        range[1] - range[0],
                                        size(file, what, known.get(), shape),
                                        type.get(),
                                        shape));
            }
            return new Entry(name, type.get(), known, shape, range[0], range[1]);
        }
    }

    private static Shape shape(Path file, String what, long[] dims) {
        if (dims.length > MAX_DIMS) {
            throw new ModelFormatException(
                    file, "%s has %d dimensions, expected at most %d".formatted(what, dims.length, MAX_DIMS));
        }
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file, what + ": " + e.getMessage(), e);
        }
    }

    private static long size(Path file, String what, SafetensorsType type, Shape shape) {
        try {
            return Math.multiplyExact(shape.elements(), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new ModelFormatException(file, "%s: the byte size of %s%s overflows".formatted(what, type, shape), e);
        }
    }

    /** The format allows neither overlaps nor gaps nor bytes after the last tensor. */
    private static void checkExtents(Path file, List<Entry> entries, long dataSize) {
        List<Extent> extents = entries.stream()
                .map(e -> new Extent(e.name(), e.begin(), e.end()))
                .toList();
        long end = 0;
        for (Extent extent : Extents.check(file, extents, dataSize)) {
            if (extent.begin() > end) {
                throw new ModelFormatException(
                        file,
                        "%d bytes before tensor %s belong to no tensor"
                                .formatted(extent.begin() - end, quote(extent.name())));
            }
            end = Math.max(end, extent.end());
        }
        if (end != dataSize) {
            throw new ModelFormatException(
                    file, "%d bytes after the last tensor belong to no tensor".formatted(dataSize - end));
        }
    }
}
