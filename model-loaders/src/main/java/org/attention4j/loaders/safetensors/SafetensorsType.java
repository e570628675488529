package org.attention4j.loaders.safetensors;

import java.util.Arrays;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/**
 * The dtypes of safetensors whose elements are whole bytes. Those without a {@link DType} are known only so that a file that
 * holds them can be checked and inspected.
 */
enum SafetensorsType {
    F64(DType.F64),
    F32(DType.F32),
    F16(DType.F16),
    BF16(DType.BF16),
    I64(DType.I64),
    I32(DType.I32),
    I16(2),
    I8(DType.I8),
    U64(8),
    U32(4),
    U16(2),
    U8(DType.U8),
    BOOL(DType.BOOL),
    F8_E4M3(1),
    F8_E5M2(1),
    F8_E8M0(1),
    C64(8);

    private final int bytes;
    private final Optional<DType> dtype;

    SafetensorsType(DType dtype) {
        this.bytes = dtype.blockBytes();
        this.dtype = Optional.of(dtype);
    }

    SafetensorsType(int bytes) {
        this.bytes = bytes;
        this.dtype = Optional.empty();
    }

    /** The type of a name in a file; empty if it is not known. */
    static Optional<SafetensorsType> of(String name) {
        return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
    }

    /** The type that holds a dtype; empty for block-quantised ones. */
    static Optional<SafetensorsType> of(DType dtype) {
        return Arrays.stream(values())
                .filter(t -> t.dtype.filter(d -> d == dtype).isPresent())
                .findFirst();
    }

    /** Bytes per element. */
    int bytes() {
        return bytes;
    }

    /** The supported type, if there is one. */
    Optional<DType> dtype() {
        return dtype;
    }
}
