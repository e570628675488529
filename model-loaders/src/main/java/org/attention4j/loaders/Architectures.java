package org.attention4j.loaders;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.ServiceLoader;
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
     * @throws UnsupportedModelException if the architecture is not known, listing those that are
     * @throws ModelFormatException if the architecture finds its configuration wrong
     */
    public static ModelDefinition define(Checkpoint checkpoint) {
        Map<String, Architecture> known = known();
        Architecture architecture = known.get(checkpoint.architecture());
        if (architecture == null) {
            throw new UnsupportedModelException(
                    checkpoint.path(),
                    "the architecture is %s, expected one of %s"
                            .formatted(
                                    ModelFormatException.quote(checkpoint.architecture()),
                                    String.join(", ", known.keySet())));
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
}
