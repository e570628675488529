package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Value;

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

    /** The same without results that are neither wanted nor states, and without the ops that only these need. */
    Lowered only(Set<String> wanted) {
        Map<String, Value> results = new LinkedHashMap<>(graph.results());
        results.keySet()
                .removeIf(name -> !wanted.contains(name) && !graph.states().containsValue(name));
        Set<String> needed = new HashSet<>();
        results.values().forEach(v -> needed.add(v.id()));
        List<Op> ops = new ArrayList<>();
        for (Op op : graph.ops().reversed()) {
            if (op.outputs().stream().anyMatch(v -> needed.contains(v.id()))) {
                op.inputs().forEach(v -> needed.add(v.id()));
                ops.addFirst(op);
            }
        }
        return new Lowered(new Graph(graph.name(), graph.inputs(), ops, results, graph.states()), choices);
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
