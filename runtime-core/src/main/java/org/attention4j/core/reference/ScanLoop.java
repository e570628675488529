package org.attention4j.core.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Shape;

/** Runs a {@link Scan}'s body once per entry of the scanned dimension. */
final class ScanLoop {
    private ScanLoop() {}

    static List<Array> run(Scan scan, Program body, List<Held> in, Map<String, Long> symbols) {
        int firstConstant = scan.numCarried() + scan.numScanned();
        List<Array> inputs =
                in.subList(0, firstConstant).stream().map(Held::load).toList();
        List<Array> sequences = inputs.subList(scan.numCarried(), firstConstant);
        List<Held> constants = in.subList(firstConstant, in.size());
        List<Array> carried = inputs.subList(0, scan.numCarried());
        List<Array> stacked = stacks(scan, symbols);
        long steps = sequences.getFirst().shape().dim(scan.axis());
        for (int step = 0; step < steps; step++) {
            List<Held> stepInputs = new ArrayList<>(carried);
            for (Array sequence : sequences) {
                stepInputs.add(entry(sequence, scan.axis(), step));
            }
            stepInputs.addAll(constants);
            List<Array> results =
                    body.run(stepInputs, symbols).stream().map(Held::load).toList();
            carried = results.subList(0, scan.numCarried());
            for (int i = 0; i < stacked.size(); i++) {
                put(results.get(scan.numCarried() + i), stacked.get(i), scan.axis(), step);
            }
        }
        List<Array> out = new ArrayList<>(carried);
        out.addAll(stacked);
        return out;
    }

    private static List<Array> stacks(Scan scan, Map<String, Long> symbols) {
        List<Array> stacks = new ArrayList<>();
        for (Value v : scan.outputs().subList(scan.numCarried(), scan.outputs().size())) {
            TensorType type = v.type();
            stacks.add(Array.zeros(type.dtype(), type.shape(symbols)));
        }
        return stacks;
    }

    private static Array entry(Array sequence, int axis, int index) {
        int[] split = Strides.split(sequence.shape(), axis);
        int inner = split[2];
        Array out = sequence.zeros(without(sequence.shape(), axis));
        for (int outer = 0; outer < split[0]; outer++) {
            sequence.copy((outer * split[1] + index) * inner, out, outer * inner, inner);
        }
        return out;
    }

    private static void put(Array entry, Array stack, int axis, int index) {
        int[] split = Strides.split(stack.shape(), axis);
        int inner = split[2];
        for (int outer = 0; outer < split[0]; outer++) {
            entry.copy(outer * inner, stack, (outer * split[1] + index) * inner, inner);
        }
    }

    private static Shape without(Shape shape, int axis) {
        long[] dims = new long[shape.rank() - 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = shape.dim(i < axis ? i : i + 1);
        }
        return Shape.of(dims);
    }
}
