package org.attention4j.onnx;

import ai.onnxruntime.OnnxTensor;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/** Buffers for the inputs and results of an execution's runs, kept for the sizes used last. */
final class RunBuffers implements AutoCloseable {
    /** One for decoding, one for full chunks of a prompt, one for the rest of it. */
    private static final int KEPT = 3;

    private final OnnxGraph compiled;
    private final LinkedHashMap<Map<String, Long>, Buffers> kept = new LinkedHashMap<>(8, 0.75f, true);

    RunBuffers(OnnxGraph compiled) {
        this.compiled = compiled;
    }

    /** The buffers for these sizes of the graph's symbols. */
    Buffers of(Map<String, Long> symbols) {
        Buffers known = kept.get(symbols);
        if (known != null) {
            return known;
        }
        if (kept.size() == KEPT) {
            Map.Entry<Map<String, Long>, Buffers> eldest = kept.firstEntry();
            kept.remove(eldest.getKey());
            eldest.getValue().close();
        }
        Buffers made = new Buffers(compiled, symbols);
        kept.put(ImmutableMap.copyOf(symbols), made);
        return made;
    }

    @Override
    public void close() {
        kept.values().forEach(Buffers::close);
        kept.clear();
    }

    /** The buffers of all inputs and results that are not states, for one choice of sizes. */
    static final class Buffers implements AutoCloseable {
        private final Map<String, NativeTensor> inputs = new HashMap<>();
        private final Map<String, NativeTensor> results = new LinkedHashMap<>();
        private final Map<String, OnnxTensor> boundInputs = new HashMap<>();
        private final Map<String, OnnxTensor> boundOutputs = new HashMap<>();
        private final ImmutableMap<String, Tensor> resultTensors;

        private Buffers(OnnxGraph compiled, Map<String, Long> symbols) {
            Graph graph = compiled.graph();
            for (Value v : GraphStates.freeInputs(graph)) {
                inputs.put(v.id(), allocate(compiled, v.id(), v, symbols));
            }
            graph.results().forEach((name, v) -> {
                if (!graph.states().containsValue(name)) {
                    results.put(name, allocate(compiled, name, v, symbols));
                }
            });
            inputs.forEach((name, t) -> boundInputs.put(name, t.onnx()));
            results.forEach((name, t) -> boundOutputs.put(name, t.onnx()));
            ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
            results.forEach((name, t) -> tensors.put(name, t.tensor()));
            resultTensors = tensors.buildOrThrow();
        }

        private static NativeTensor allocate(OnnxGraph compiled, String name, Value v, Map<String, Long> symbols) {
            return new NativeTensor(
                    compiled.environment(), name, v.type().dtype(), v.type().shape(symbols));
        }

        NativeTensor input(String name) {
            NativeTensor t = inputs.get(name);
            if (t == null) {
                throw new IllegalArgumentException("no input " + name);
            }
            return t;
        }

        /** To be completed by the states. */
        Map<String, OnnxTensor> boundInputs() {
            return boundInputs;
        }

        /** To be completed by the states. */
        Map<String, OnnxTensor> boundOutputs() {
            return boundOutputs;
        }

        ImmutableMap<String, Tensor> results() {
            return resultTensors;
        }

        @Override
        public void close() {
            inputs.values().forEach(NativeTensor::close);
            results.values().forEach(NativeTensor::close);
        }
    }
}
