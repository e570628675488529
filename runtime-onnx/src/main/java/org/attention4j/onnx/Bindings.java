package org.attention4j.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/** The tensors that one run reads and writes, by name. */
final class Bindings implements AutoCloseable {
    private final OnnxGraph graph;
    private final Map<String, NativeTensor> inputs = new HashMap<>();
    private final Map<String, NativeTensor> results = new HashMap<>();
    private final List<NativeTensor> owned = new ArrayList<>();

    Bindings(OnnxGraph graph) {
        this.graph = graph;
    }

    NativeTensor input(String name, DType dtype, Shape shape) {
        NativeTensor t = own(name, dtype, shape);
        inputs.put(name, t);
        return t;
    }

    void result(String name, DType dtype, Shape shape) {
        results.put(name, own(name, dtype, shape));
    }

    /** Lets a result be written over the input. */
    void shareWithResult(String input, String result) {
        results.put(result, requireNonNull(inputs.get(input)));
    }

    boolean hasResult(String name) {
        return results.containsKey(name);
    }

    NativeTensor resultOf(String name) {
        return requireNonNull(results.get(name));
    }

    private NativeTensor own(String name, DType dtype, Shape shape) {
        NativeTensor t = new NativeTensor(graph.environment(), name, dtype, shape);
        owned.add(t);
        return t;
    }

    void run() {
        Map<String, OnnxTensor> in = new HashMap<>();
        inputs.forEach((name, t) -> in.put(name, t.onnx()));
        Map<String, OnnxTensor> out = new HashMap<>();
        results.forEach((name, t) -> out.put(name, t.onnx()));
        try {
            graph.session().run(in, Set.of(), out).close();
        } catch (OrtException e) {
            throw graph.failure(e);
        }
    }

    @Override
    public void close() {
        owned.forEach(NativeTensor::close);
    }
}
