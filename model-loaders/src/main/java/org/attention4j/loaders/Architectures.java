package org.attention4j.loaders;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.attention4j.core.model.ModelDefinition;

/** The architectures on the class path. */
public final class Architectures {
    private static final String LAYERS = "num_hidden_layers";

    private Architectures() {}

    /** All of them, by each of their names. */
    public static ImmutableSortedMap<String, Architecture> known() {
        ImmutableSortedMap.Builder<String, Architecture> all = ImmutableSortedMap.naturalOrder();
        for (Architecture a : ServiceLoader.load(Architecture.class, Architectures.class.getClassLoader())) {
            a.names().forEach(name -> all.put(name, a));
        }
        return all.buildOrThrow();
    }

    /**
     * The definition of the model in {@code checkpoint}, which must stay open as long as it is used.
     *
     * @throws UnsupportedModelException if the architecture is not known, listing those that are, or saying why not
     * @throws ModelFormatException if the architecture finds its configuration wrong
     */
    public static ModelDefinition define(Checkpoint checkpoint) {
        Map<String, Architecture> known = known();
        Architecture architecture = known.get(checkpoint.architecture());
        if (architecture == null) {
            throw unknown(checkpoint, known.keySet());
        }
        requireLayers(checkpoint);
        return architecture.define(checkpoint);
    }

    /** A layer has tensors: what is made for each layer must not come from a broken configuration. */
    private static void requireLayers(Checkpoint checkpoint) {
        int most = checkpoint.tensors().size();
        if (checkpoint.config().integer(LAYERS, 0) > most) {
            throw checkpoint.config().bad(LAYERS, "at most %d, as many as there are tensors".formatted(most));
        }
    }

    private static UnsupportedModelException unknown(Checkpoint checkpoint, Set<String> known) {
        String name = ModelFormatException.quote(checkpoint.architecture());
        String detail = KnownGaps.reason(checkpoint.architecture())
                .map(reason -> "the architecture %s is not supported: %s".formatted(name, reason))
                .orElseGet(
                        () -> "the architecture is %s, expected one of %s".formatted(name, String.join(", ", known)));
        return new UnsupportedModelException(checkpoint.path(), detail);
    }
}
