package org.attention4j.onnx.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Value;

/** Graphs without what no result needs. */
final class LiveOps {
    private LiveOps() {}

    /** The same results from only those ops and inputs that they need. */
    static Graph of(Graph graph) {
        Set<Value> needed = new HashSet<>(graph.results().values());
        List<Op> ops = new ArrayList<>();
        for (Op op : graph.ops().reversed()) {
            if (op.outputs().stream().anyMatch(needed::contains)) {
                ops.addFirst(op);
                needed.addAll(op.inputs());
            }
        }
        List<Value> inputs = graph.inputs().stream().filter(needed::contains).toList();
        return new Graph(graph.name(), inputs, ops, graph.results(), graph.states());
    }
}
