package org.attention4j.cli.verify;

import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;

/** Graphs of a single composite. */
final class OneOp {
    private OneOp() {}

    /** The op on the case's inputs of these names, in the op's order; its one result is called {@code out}. */
    static Graph graph(GoldenCase golden, CompositeOp op, List<String> inputNames) {
        GraphBuilder b = new GraphBuilder(golden.op());
        List<Value> inputs = inputNames.stream()
                .map(name -> b.input(name, golden.input(name)))
                .toList();
        b.result("out", b.call(op, inputs).getFirst());
        return b.build();
    }
}
