package org.attention4j.core.external;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Tensor;

/**
 * States of an imported decoder: what one run gave is what the next one takes. Caches have as many entries as tokens were seen,
 * where sessions speak of caches with room: these are the entries before the empty ones.
 */
final class ImportedExecution implements Execution {
    private final ImportedDecoder compiled;
    private final ExternalDecoder decoder;
    private final ImmutableMap<String, Long> sizes;
    /** By the name of the model graph's input. */
    private final Map<String, ExternalState> specs = new LinkedHashMap<>();

    private final Map<String, Tensor> values = new HashMap<>();

    ImportedExecution(ImportedDecoder compiled, ImmutableMap<String, Long> sizes) {
        this.compiled = compiled;
        this.decoder = compiled.decoder();
        this.sizes = sizes;
        for (int i = 0; i < decoder.states().size(); i++) {
            ExternalState spec = decoder.states().get(i);
            String input = GraphStates.states(compiled.graph()).get(i).id();
            specs.put(input, spec);
            values.put(input, Tensor.zeros(spec.type().dtype(), spec.shape(0)));
        }
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        GraphInputs.bind(compiled.graph(), GraphStates.freeInputs(compiled.graph()), inputs, sizes);
        Tensor tokens = requireNonNull(inputs.get(ModelDefinition.TOKENS));
        Tensor rows = requireNonNull(inputs.get(ModelDefinition.ROWS));
        long past = requireNonNull(inputs.get(ModelDefinition.POSITION)).getLong(0);
        long seq = tokens.shape().dim(1);
        Long room = sizes.get("context");
        if (room != null && past + seq > room) {
            throw new BackendException(
                    "%s: %d tokens, but there is room for %d".formatted(decoder.file(), past + seq, room));
        }
        ExternalLogits logits = new ExternalLogits(decoder, seq, rows);
        ExternalFeed feed = new ExternalFeed(tokens, past, logits.kept());
        Map<String, Tensor> in = new HashMap<>();
        decoder.inputs().forEach(input -> in.put(input.name(), feed.of(input)));
        specs.forEach((input, spec) -> in.put(spec.input(), withTokens(spec, value(input), past)));
        Map<String, Tensor> out = compiled.ops().run(in);
        specs.forEach((input, spec) -> values.put(input, next(out, spec)));
        return Map.of(ModelDefinition.LOGITS, logits.of(result(out, decoder.logits())));
    }

    private Tensor next(Map<String, Tensor> out, ExternalState spec) {
        Tensor next = result(out, spec.output());
        if (next.dtype() != spec.type().dtype()
                || next.shape().rank() != spec.type().rank()) {
            throw new BackendException("%s: the state %s becomes %s, expected %s"
                    .formatted(decoder.file(), spec.input(), next, spec.type()));
        }
        return next;
    }

    private Tensor result(Map<String, Tensor> out, String name) {
        Tensor result = out.get(name);
        if (result == null) {
            throw new BackendException("%s: it gave no tensor %s".formatted(decoder.file(), name));
        }
        return result;
    }

    private Tensor value(String input) {
        Tensor value = values.get(input);
        if (value == null) {
            throw new IllegalStateException("state " + input + ": the execution is closed");
        }
        return value;
    }

    /** The first tokens of a state; one that has no entries for tokens stays as it is. */
    private static Tensor withTokens(ExternalState spec, Tensor value, long tokens) {
        if (spec.growing().isEmpty()) {
            return value;
        }
        long present = value.shape().dim(spec.growing().getAsInt());
        if (present == tokens) {
            return value;
        }
        if (tokens > present) {
            throw new BackendException(
                    "state %s: it has %d tokens, expected %d".formatted(spec.input(), present, tokens));
        }
        Tensor shorter = Tensor.zeros(spec.type().dtype(), spec.shape(tokens));
        spec.copyTokens(value.data(), present, shorter.data(), tokens);
        return shorter;
    }

    @Override
    public Tensor readState(String input) {
        ExternalState spec = requireNonNull(
                specs.get(GraphStates.find(compiled.graph(), input).id()));
        Tensor value = value(input);
        Tensor out = Tensor.zeros(
                spec.type().dtype(),
                GraphStates.find(compiled.graph(), input).type().shape(sizes));
        if (spec.growing().isEmpty()) {
            out.data().copyFrom(value.data());
        } else {
            long tokens = value.shape().dim(spec.growing().getAsInt());
            spec.copyTokens(value.data(), tokens, out.data(), out.shape().dim(2));
        }
        return out;
    }

    /** Undoes {@link #readState}: all the room counts as tokens, until a run says how many there are. */
    @Override
    public void writeState(String input, Tensor given) {
        GraphStates.requireFits(compiled.graph(), input, given, sizes);
        ExternalState spec = requireNonNull(specs.get(input));
        Tensor next = Tensor.zeros(
                spec.type().dtype(),
                spec.shape(spec.growing().isEmpty() ? 0 : given.shape().dim(2)));
        next.data().copyFrom(given.data());
        value(input);
        values.put(input, next);
    }

    @Override
    public void close() {
        values.clear();
    }
}
