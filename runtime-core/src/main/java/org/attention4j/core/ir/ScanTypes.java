package org.attention4j.core.ir;

import java.util.ArrayList;
import java.util.List;

/** The types at the border between a {@link Scan} and its body. */
final class ScanTypes {
    private ScanTypes() {}

    /** A scanned value's type in one step: {@code axis} is gone. */
    static TensorType slice(TensorType type, int axis) {
        List<Dim> dims = new ArrayList<>(type.dims());
        dims.remove(axis);
        return new TensorType(type.dtype(), dims);
    }
}
