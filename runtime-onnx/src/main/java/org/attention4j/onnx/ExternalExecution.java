package org.attention4j.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.external.ExternalDecoder;
import org.attention4j.core.external.ExternalFeed;
import org.attention4j.core.external.ExternalInput;
import org.attention4j.core.external.ExternalLogits;
import org.attention4j.core.external.ExternalState;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * States of a decoder that is run as it is: what one run gave is what the next one takes, in ONNX Runtime's memory. Caches have as
 * many entries as tokens were seen, where sessions speak of caches with room: these are the entries before the empty ones.
 */
final class ExternalExecution implements Execution {
    private final ExternalGraph compiled;
    private final ExternalDecoder decoder;
    private final OrtEnvironment environment = OrtRuntime.environment();
    private final ImmutableMap<String, Long> sizes;
    private final ImmutableSet<String> outputs;
    /** By the name of the graph's input. */
    private final Map<String, ExternalCache> states = new LinkedHashMap<>();

    private Optional<OrtSession.Result> last = Optional.empty();

    ExternalExecution(ExternalGraph compiled, ImmutableMap<String, Long> sizes) {
        this.compiled = compiled;
        this.decoder = compiled.decoder();
        this.sizes = sizes;
        ImmutableSet.Builder<String> names = ImmutableSet.builder();
        names.add(decoder.logits());
        try {
            for (int i = 0; i < decoder.states().size(); i++) {
                ExternalState state = decoder.states().get(i);
                names.add(state.output());
                String input = GraphStates.states(compiled.graph()).get(i).id();
                states.put(input, new ExternalCache(environment, state));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.outputs = names.build();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        GraphInputs.bind(compiled.graph(), GraphStates.freeInputs(compiled.graph()), inputs, sizes);
        Tensor tokens = requireNonNull(inputs.get(ModelDefinition.TOKENS));
        Tensor rows = requireNonNull(inputs.get(ModelDefinition.ROWS));
        long past = requireNonNull(inputs.get(ModelDefinition.POSITION)).getLong(0);
        requireRoom(past + tokens.shape().dim(1));
        states.values().forEach(state -> state.shorten(past));
        ExternalLogits logits = new ExternalLogits(decoder, tokens.shape().dim(1), rows);
        ExternalFeed feed = new ExternalFeed(tokens, past, logits.kept());
        List<NativeTensor> fed = new ArrayList<>();
        try {
            Map<String, OnnxTensor> in = new HashMap<>();
            for (ExternalInput input : decoder.inputs()) {
                Tensor given = feed.of(input);
                NativeTensor value = new NativeTensor(environment, input.name(), given.dtype(), given.shape());
                fed.add(value);
                value.fill(given);
                in.put(input.name(), value.onnx());
            }
            states.values().forEach(state -> in.put(state.spec().input(), state.value()));
            OrtSession.Result result = compiled.file().session().run(in, outputs, Map.of());
            adopt(result);
            return Map.of(ModelDefinition.LOGITS, logits.of(view(output(result, decoder.logits()))));
        } catch (OrtException e) {
            throw compiled.file().failure(e);
        } finally {
            fed.forEach(NativeTensor::close);
        }
    }

    private void requireRoom(long tokens) {
        Long room = sizes.get("context");
        if (room != null && tokens > room) {
            throw new BackendException(
                    "%s: %d tokens, but there is room for %d".formatted(decoder.file(), tokens, room));
        }
    }

    /** The states of a run in place of those before it, which are freed. */
    private void adopt(OrtSession.Result result) {
        try {
            for (ExternalCache state : states.values()) {
                state.replace(output(result, state.spec().output()));
            }
        } finally {
            last.ifPresent(OrtSession.Result::close);
            last = Optional.of(result);
        }
    }

    private OnnxTensor output(OrtSession.Result result, String name) {
        return result.get(name)
                .filter(OnnxTensor.class::isInstance)
                .map(OnnxTensor.class::cast)
                .orElseThrow(() -> new BackendException("%s: it gave no tensor %s".formatted(decoder.file(), name)));
    }

    private static Tensor view(OnnxTensor tensor) {
        return Tensor.of(
                OrtTypes.dtype(tensor.getInfo().type),
                Shape.of(tensor.getInfo().getShape()),
                MemorySegment.ofBuffer(tensor.getByteBuffer()));
    }

    @Override
    public Tensor readState(String input) {
        return state(input)
                .read(GraphStates.find(compiled.graph(), input).type().shape(sizes));
    }

    @Override
    public void writeState(String input, Tensor value) {
        GraphStates.requireFits(compiled.graph(), input, value, sizes);
        state(input).write(value);
    }

    private ExternalCache state(String input) {
        ExternalCache state = states.get(input);
        if (state == null) {
            throw new IllegalStateException("state " + input + ": the execution is closed");
        }
        return state;
    }

    @Override
    public void close() {
        states.values().forEach(ExternalCache::close);
        states.clear();
        last.ifPresent(OrtSession.Result::close);
        last = Optional.empty();
    }
}
