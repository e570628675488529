package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;

/**
 * A graph of primitives, scans and the composites that lowerings were chosen for.
 *
 * @param graph the graph
 * @param choices what computes each composite that is left, in the graph and in choices' parts
 */
public record Lowered(Graph graph, Map<Composite, Choice> choices) {
    public Lowered {
        choices = ImmutableMap.copyOf(choices);
    }

    /** A lowering, and the parts that it asked for, expanded. */
    public record Choice(TornadoLowering lowering, List<Graph> parts) {
        public Choice {
            parts = ImmutableList.copyOf(parts);
        }
    }

    /** Chooses for each composite, and decomposes those that no lowering wants. */
    public static Lowered of(Graph graph, LoweringChooser<TornadoLowering> chooser) {
        Map<Composite, Choice> choices = new HashMap<>();
        Decomposer[] decomposer = new Decomposer[1];
        decomposer[0] = c -> {
            Optional<TornadoLowering> lowering = chooser.choose(c);
            if (lowering.isEmpty()) {
                return Decomposer.ALL.decompositionOf(c);
            }
            List<Graph> parts = lowering.get().parts(c).stream()
                    .map(part -> Expansion.expand(part, decomposer[0]))
                    .toList();
            choices.put(c, new Choice(lowering.get(), parts));
            return Optional.empty();
        };
        return new Lowered(Expansion.expand(graph, decomposer[0]), choices);
    }
}
