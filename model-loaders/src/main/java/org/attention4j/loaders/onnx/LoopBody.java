package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;

/**
 * A subgraph as a graph of its own.
 *
 * @param graph its inputs are those of the subgraph, then one for each of {@code captured}
 * @param outputs what the subgraph's results are, in order, as far as it is known before it runs; those that are computed are the
 *     graph's results in order
 * @param captured values of the graph around it that it reads
 */
public record LoopBody(Graph graph, List<Imported> outputs, List<Value> captured) {
    public LoopBody {
        outputs = ImmutableList.copyOf(outputs);
        captured = ImmutableList.copyOf(captured);
    }
}
