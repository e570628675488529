package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.ByteReader;

/**
 * What precedes the weights in a GGUF file.
 *
 * @param version 2 or 3
 * @param metadata values by key, in the order of the file
 * @param tensors in the order of the file
 * @param dataStart the offset in the file to which tensors' offsets are relative
 */
record GgufHeader(int version, Map<String, Object> metadata, List<GgufTensor> tensors, long dataStart) {
    static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    static final String ALIGNMENT_KEY = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;

    private static final int LONGEST_NAME = 65535;
    /** An empty key, a type and a byte. */
    private static final int MIN_PAIR_BYTES = 8 + 4 + 1;
    /** An empty name, the number of dimensions, a type and an offset. */
    private static final int MIN_TENSOR_BYTES = 8 + 4 + 4 + 8;

    /** Reads and checks a header. */
    static GgufHeader read(ByteReader in) {
        int version = readVersion(in);
        long numTensors = in.count(MIN_TENSOR_BYTES, "the number of tensors");
        long numPairs = in.count(MIN_PAIR_BYTES, "the number of metadata pairs");
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (long i = 0; i < numPairs; i++) {
            String key = readName(in, "metadata key " + i);
            if (metadata.put(key, GgufValues.read(in, key)) != null) {
                throw new ModelFormatException(in.file(), "duplicate metadata key " + quote(key));
            }
        }
        long alignment = alignment(in, metadata);
        List<GgufTensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < numTensors; i++) {
            String name = readName(in, "the name of tensor " + i);
            if (!names.add(name)) {
                throw new ModelFormatException(in.file(), "duplicate tensor " + quote(name));
            }
            tensors.add(GgufTensor.read(in, name, alignment));
        }
        return new GgufHeader(version, metadata, tensors, alignUp(in.position(), alignment));
    }

    /** The next multiple of {@code alignment}, a power of two. */
    static long alignUp(long position, long alignment) {
        return (position + alignment - 1) & -alignment;
    }

    private static int readVersion(ByteReader in) {
        int magic = in.i32("the magic number");
        if (magic != MAGIC) {
            throw new ModelFormatException(
                    in.file(), "not a GGUF file: it begins with %08x, expected %08x ('GGUF')".formatted(magic, MAGIC));
        }
        int version = in.i32("the version");
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
            throw new ModelFormatException(in.file(), "a big-endian GGUF file, expected a little-endian one");
        }
        if (version != 2 && version != 3) {
            throw new ModelFormatException(
                    in.file(), "GGUF version %s, expected 2 or 3".formatted(Integer.toUnsignedString(version)));
        }
        return version;
    }

    private static String readName(ByteReader in, String what) {
        long length = in.i64("the length of " + what);
        if (length < 0 || length > LONGEST_NAME) {
            throw new ModelFormatException(
                    in.file(),
                    "%s is %s bytes long, expected at most %d"
                            .formatted(what, Long.toUnsignedString(length), LONGEST_NAME));
        }
        return in.utf8(length, what);
    }

    private static long alignment(ByteReader in, Map<String, Object> metadata) {
        Object value = metadata.getOrDefault(ALIGNMENT_KEY, (long) DEFAULT_ALIGNMENT);
        if (!(value instanceof Long alignment)
                || Long.bitCount(alignment) != 1
                || alignment < 1
                || alignment > Integer.MAX_VALUE) {
            throw new ModelFormatException(
                    in.file(),
                    "%s is %s, expected a power of two".formatted(quote(ALIGNMENT_KEY), quote(value.toString())));
        }
        return alignment;
    }
}
