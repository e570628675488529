package org.attention4j.loaders.onnx.pattern;

import java.util.List;
import java.util.function.Function;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphRewrite;

/** All patterns, one after the other: each looks at what those before it left. */
public final class Recognition {
    private static final List<Function<Source, GraphRewrite.Rule>> PATTERNS = List.of(
            Simplify::new,
            NormPattern::new,
            NormWeights::new,
            NormWeights::new,
            ActivationPattern::new,
            RopePattern::new,
            LinearBias::new,
            GatedMlpPattern::new,
            AttentionPattern::new,
            Simplify::new,
            Simplify::new,
            Simplify::new);

    private Recognition() {}

    /** The graph with composites in place of what they were taken apart into, and without ops that nothing reads. */
    public static Graph run(Graph graph) {
        Graph g = GraphRewrite.withoutDeadOps(graph);
        for (Function<Source, GraphRewrite.Rule> pattern : PATTERNS) {
            GraphRewrite.Rule rule = pattern.apply(new Source(g));
            g = GraphRewrite.apply(g, rule);
        }
        return g;
    }
}
