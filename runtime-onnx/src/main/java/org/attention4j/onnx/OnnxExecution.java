package org.attention4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * States in native memory that ONNX Runtime reads and writes where it lies. A state whose lowering updates it in place has one
 * buffer, bound as input and as output; any other has two that change places after each run. Inputs and results have buffers
 * that are made once for each shape: those of a single token, and those of the last longer run.
 */
final class OnnxExecution implements Execution {
    private final OnnxGraph compiled;
    private final Graph graph;
    private final ImmutableMap<String, Long> sizes;
    private final Map<String, NativeTensor> current = new LinkedHashMap<>();
    private final Map<String, NativeTensor> spare = new HashMap<>();
    private final RunBuffers buffers;
    private Optional<ImmutableMap<String, Tensor>> lastInputs = Optional.empty();
    private Map<String, Long> lastSymbols = ImmutableMap.of();

    OnnxExecution(OnnxGraph compiled, Map<String, Long> sizes) {
        this.compiled = compiled;
        this.graph = compiled.graph();
        this.sizes = GraphStates.sizes(graph, sizes);
        this.buffers = new RunBuffers(compiled);
        try {
            for (Value v : GraphStates.states(graph)) {
                current.put(v.id(), allocate(v));
                if (!compiled.isUpdatedInPlace(v.id())) {
                    spare.put(v.id(), allocate(v));
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private NativeTensor allocate(Value v) {
        return new NativeTensor(
                compiled.environment(), v.id(), v.type().dtype(), v.type().shape(sizes));
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Long> symbols = symbolsOf(inputs);
        RunBuffers.Buffers run = buffers.of(symbols);
        inputs.forEach((name, tensor) -> run.input(name).fill(tensor));
        Map<String, OnnxTensor> in = run.boundInputs();
        Map<String, OnnxTensor> out = run.boundOutputs();
        graph.states().forEach((input, result) -> {
            in.put(input, state(current, input).onnx());
            out.put(result, (spare.containsKey(input) ? state(spare, input) : state(current, input)).onnx());
        });
        compiled.cachePrefix().ifPresent(prefix -> {
            Map<String, Long> shorter = prefix.shorten(symbols, inputs);
            prefix.states().forEach(input -> {
                Shape shape = graph.input(input).type().shape(shorter);
                OnnxTensor beginning = state(current, input).beginning(compiled.environment(), shape);
                in.put(input, beginning);
                out.put(Optional.ofNullable(graph.states().get(input)).orElseThrow(), beginning);
            });
        });
        try {
            compiled.session().run(in, Set.of(), out).close();
            compiled.readRows(indices(inputs));
            spare.replaceAll((input, next) -> {
                NativeTensor before = state(current, input);
                current.put(input, next);
                return before;
            });
            return run.results();
        } catch (OrtException e) {
            throw compiled.failure(e);
        }
    }

    /** Checks inputs, unless they are the very ones of the last run, which can't have other types or shapes since. */
    @SuppressWarnings("ReferenceEquality")
    private Map<String, Long> symbolsOf(Map<String, Tensor> inputs) {
        if (lastInputs.filter(last -> last == inputs).isEmpty()) {
            Map<String, Long> symbols = GraphInputs.bind(graph, GraphStates.freeInputs(graph), inputs, sizes);
            compiled.requireLimits(symbols);
            lastInputs = inputs instanceof ImmutableMap<String, Tensor> unchanging
                    ? Optional.of(unchanging)
                    : Optional.empty();
            lastSymbols = symbols;
        }
        return lastSymbols;
    }

    /** How many whole numbers a run was given: it takes no more rows of a table. */
    private static long indices(Map<String, Tensor> inputs) {
        long indices = 0;
        for (Tensor t : inputs.values()) {
            indices += t.dtype() == DType.I64 ? t.shape().elements() : 0;
        }
        return indices;
    }

    private static NativeTensor state(Map<String, NativeTensor> tensors, String input) {
        NativeTensor t = tensors.get(input);
        if (t == null) {
            throw new IllegalStateException("state " + input + ": the execution is closed");
        }
        return t;
    }

    @Override
    public Tensor readState(String input) {
        GraphStates.find(graph, input);
        return state(current, input).copy();
    }

    @Override
    public void writeState(String input, Tensor value) {
        GraphStates.requireFits(graph, input, value, sizes);
        state(current, input).fill(value);
    }

    @Override
    public void close() {
        current.values().forEach(NativeTensor::close);
        spare.values().forEach(NativeTensor::close);
        current.clear();
        spare.clear();
        buffers.close();
    }
}
