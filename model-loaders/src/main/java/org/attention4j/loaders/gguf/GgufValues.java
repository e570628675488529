package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.math.BigInteger;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.ByteReader;

/** Reads metadata values as the Java types that {@link org.attention4j.loaders.Config.Source#find} returns. */
final class GgufValues {
    private GgufValues() {}

    /** Reads the value of {@code key}, type first. */
    static Object read(ByteReader in, String key) {
        GgufValueType type = readType(in, "metadata key " + quote(key));
        return type == GgufValueType.ARRAY ? readArray(in, key) : readScalar(in, type, "metadata value " + quote(key));
    }

    private static GgufArray readArray(ByteReader in, String key) {
        String what = "metadata array " + quote(key);
        GgufValueType type = readType(in, what);
        if (type == GgufValueType.ARRAY) {
            throw new ModelFormatException(in.file(), what + " holds arrays, expected numbers, booleans or strings");
        }
        long count = in.count(type.minBytes(), "the length of " + what);
        if (count > Integer.MAX_VALUE) {
            throw new ModelFormatException(
                    in.file(), "%s has %d elements, expected at most %d".formatted(what, count, Integer.MAX_VALUE));
        }
        return type == GgufValueType.STRING
                ? GgufArray.ofStrings(in, (int) count, what)
                : GgufArray.ofScalars(in, type, (int) count, what);
    }

    /** Reads a value of any type but {@code ARRAY}. */
    static Object readScalar(ByteReader in, GgufValueType type, Object what) {
        return switch (type) {
            case UINT8 -> (long) in.u8(what);
            case INT8 -> (long) (byte) in.u8(what);
            case UINT16 -> (long) Short.toUnsignedInt(in.i16(what));
            case INT16 -> (long) in.i16(what);
            case UINT32 -> Integer.toUnsignedLong(in.i32(what));
            case INT32 -> (long) in.i32(what);
            case FLOAT32 -> (double) Float.intBitsToFloat(in.i32(what));
            case FLOAT64 -> Double.longBitsToDouble(in.i64(what));
            case INT64 -> in.i64(what);
            case UINT64 -> unsigned(in.i64(what));
            case BOOL -> readBool(in, what);
            case STRING -> in.utf8(in.i64("the length of " + what), what);
            case ARRAY -> throw new IllegalArgumentException(what + ": an array is not a scalar");
        };
    }

    private static Number unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static boolean readBool(ByteReader in, Object what) {
        int value = in.u8(what);
        if (value > 1) {
            throw new ModelFormatException(in.file(), "%s is %d, expected 0 or 1 for a boolean".formatted(what, value));
        }
        return value == 1;
    }

    private static GgufValueType readType(ByteReader in, String what) {
        int id = in.i32("the type of " + what);
        return GgufValueType.of(id)
                .orElseThrow(() -> new ModelFormatException(
                        in.file(),
                        "%s has value type %s, expected 0 to 12".formatted(what, Integer.toUnsignedString(id))));
    }
}
