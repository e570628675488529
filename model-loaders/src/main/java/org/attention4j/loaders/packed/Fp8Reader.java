package org.attention4j.loaders.packed;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorInfo;

/** Reads weights of 8-bit floats: {@code name F8_E4M3[out, in]} and {@code name_scale_inv}, a scale for each tile. */
record Fp8Reader(TensorParts parts, Quantization.Fp8 format) {
    private static final String TYPE = "F8_E4M3";

    /** The weight that {@code name} has the floats of, if it has. */
    Optional<PackedTensor> read(String name) {
        Optional<TensorInfo> found = parts.find(name).filter(t -> t.type().equals(TYPE));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TensorInfo floats = found.get();
        Shape shape = floats.shape();
        if (shape.rank() != 2 || shape.elements() == 0) {
            throw parts.bad(floats, "a matrix of 8-bit floats");
        }
        TensorInfo scales = parts.get(name + "_scale_inv", 2, "a float type", DType::isFloat);
        parts.requireDims(
                scales,
                "for tiles of %d×%d of %s".formatted(format.tileRows(), format.tileColumns(), shape),
                Math.ceilDiv(shape.dim(0), format.tileRows()),
                Math.ceilDiv(shape.dim(1), format.tileColumns()));
        TensorInfo info = new TensorInfo(
                name,
                "%s in %d×%d".formatted(TYPE, format.tileRows(), format.tileColumns()),
                Optional.of(DType.F32),
                shape,
                floats.bytes() + scales.bytes());
        return Optional.of(new PackedTensor(
                info,
                ImmutableSet.of(floats.name(), scales.name()),
                () -> Tensor.of(
                        DType.F32,
                        shape,
                        new Fp8Tiles(parts.bytes(floats), shape.dim(1), parts.tensor(scales), format))));
    }
}
