package org.attention4j.onnx.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Keeps no weights and reads none: for a model that nobody will run, whose emission tells which lowerings it takes. */
public final class WeightNames implements WeightStore {
    @Override
    public TensorProto put(
            String name, DataType type, long[] dims, int chunkBytes, Supplier<ExternalDataWriter.Source> source) {
        return WeightStore.named(name, type, dims).build();
    }

    @Override
    public long packed(List<Tensor> tensors) {
        return 0;
    }

    @Override
    public long table(Tensor table) {
        return 0;
    }

    @Override
    public void readSeldom(String name) {}

    @Override
    public void wasRead(Tensor tensor) {}

    /** One of each form stands for all: what is chosen for them is the same. */
    @Override
    public List<String> each(int count, IntFunction<?> form, IntFunction<String> emit) {
        Map<Object, String> known = new HashMap<>();
        return IntStream.range(0, count)
                .mapToObj(i -> known.computeIfAbsent(form.apply(i), f -> emit.apply(i)))
                .toList();
    }
}
