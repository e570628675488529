package org.attention4j.core.model;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.SequenceMixer.Mixed;

/** {@link ModelBuilder} inside one layer: weights are named from the layer on, and the layer's mixer can be called once. */
public final class LayerBuilder extends ModelBuilder {
    private final SequenceMixer mixer;
    private final Form form;
    private final List<Value> state;
    private Optional<Mixed> mixed = Optional.empty();

    LayerBuilder(MixContext context, SequenceMixer mixer, Form form, List<Value> state) {
        super(context);
        this.mixer = mixer;
        this.form = form;
        this.state = ImmutableList.copyOf(state);
    }

    /** The layer's mixer, whose parameters' names begin with {@code name} and a dot. */
    public Value mix(String name, Value x) {
        if (mixed.isPresent()) {
            throw new IllegalStateException("mixer " + name + ": a layer mixes once");
        }
        for (ParameterSpec p : mixer.parameters()) {
            long[] dims = p.dims().stream().mapToLong(Long::longValue).toArray();
            weight(name + "." + p.name(), dims);
        }
        MixContext inner = context().withParameters(context().parameters().scope(name));
        Mixed result = graph().scoped(name, () -> mixer.mix(inner, form, x, state));
        mixed = Optional.of(result);
        return result.y();
    }

    List<Value> nextState() {
        return mixed.orElseThrow(() -> new IllegalStateException("the layer did not call its mixer"))
                .state();
    }
}
