package org.attention4j.onnx.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;

/**
 * What is known of the dims of names, and which names are others with other dims. A layer takes heads apart for one node and puts
 * them together for the next one: of such steps only those are written that change something.
 */
final class Reshapes {
    private final Map<String, List<Dim>> dims = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();

    void know(String name, List<Dim> of) {
        dims.putIfAbsent(name, List.copyOf(of));
    }

    /** The name that has the elements of {@code x}, and was not made by a reshape itself. */
    String origin(String x) {
        return origins.getOrDefault(x, x);
    }

    /** A name with the elements of {@code x} that has these dims already. */
    Optional<String> find(String x, List<Dim> to) {
        for (String name : List.of(x, origin(x))) {
            if (to.equals(dims.get(name))) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Says that {@code y} is {@code x} with other dims. */
    void reshaped(String x, String y, List<Dim> to) {
        origins.put(y, origin(x));
        know(y, to);
    }
}
