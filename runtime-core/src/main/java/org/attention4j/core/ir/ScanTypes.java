package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** The types at the border between a {@link Scan} and its body. */
final class ScanTypes {
    private ScanTypes() {}

    /**
     * The types of a scan's outputs.
     *
     * @throws IllegalArgumentException if the inputs and the body don't fit together, saying what was expected
     */
    static List<TensorType> infer(Graph body, int numCarried, int numScanned, int axis, List<TensorType> in) {
        List<Value> takes = body.inputs();
        List<Value> gives = ImmutableList.copyOf(body.results().values());
        check(in.size() == takes.size(), "%d inputs given, its body takes %d", in.size(), takes.size());
        boolean counts = numCarried >= 0 && numScanned >= 1 && numCarried + numScanned <= in.size();
        check(counts, "%d carried and %d scanned values of %d, expected 1 to scan", numCarried, numScanned, in.size());
        check(gives.size() >= numCarried, "its body gives %d results, carries %d", gives.size(), numCarried);
        for (int i = numCarried; i < numCarried + numScanned; i++) {
            check(axis >= 0 && axis < in.get(i).rank(), "input %d is %s, which has no axis %d", i, in.get(i), axis);
        }
        Dim length = in.get(numCarried).dim(axis);
        for (int i = 0; i < in.size(); i++) {
            boolean scanned = i >= numCarried && i < numCarried + numScanned;
            check(
                    !scanned || in.get(i).dim(axis).equals(length),
                    "input %d is %s, expected length %s",
                    i,
                    in.get(i),
                    length);
            TensorType step = scanned ? slice(in.get(i), axis) : in.get(i);
            check(step.equals(takes.get(i).type()), "input %d is %s, its body takes %s", i, step, takes.get(i));
        }
        return outputs(gives.stream().map(Value::type).toList(), numCarried, axis, length, in);
    }

    private static List<TensorType> outputs(
            List<TensorType> gives, int numCarried, int axis, Dim length, List<TensorType> in) {
        List<TensorType> out = new ArrayList<>();
        for (int i = 0; i < gives.size(); i++) {
            TensorType type = gives.get(i);
            if (i < numCarried) {
                check(type.equals(in.get(i)), "carried value %d is %s, then %s", i, in.get(i), type);
                out.add(type);
            } else {
                check(
                        axis <= type.rank(),
                        "its body's result %d is %s, which can't be stacked along axis %d",
                        i,
                        type,
                        axis);
                List<Dim> dims = new ArrayList<>(type.dims());
                dims.add(axis, length);
                out.add(new TensorType(type.dtype(), dims));
            }
        }
        return out;
    }

    /** A scanned value's type in one step: {@code axis} is gone. */
    private static TensorType slice(TensorType type, int axis) {
        List<Dim> dims = new ArrayList<>(type.dims());
        dims.remove(axis);
        return new TensorType(type.dtype(), dims);
    }

    private static void check(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException("scan: " + message.formatted(args));
        }
    }
}
