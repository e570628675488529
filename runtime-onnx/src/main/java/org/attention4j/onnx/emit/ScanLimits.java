package org.attention4j.onnx.emit;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Scan;

/** What a graph's loops ask of a run's sizes: ONNX Runtime's {@code Scan} fails, or crashes the process, at no steps. */
public final class ScanLimits {
    private ScanLimits() {}

    /** One limit for each loop over a symbolic dimension, in the bodies of loops too. */
    public static List<OnnxRewrite.Limit> of(Graph graph) {
        List<OnnxRewrite.Limit> limits = new ArrayList<>();
        for (Op op : graph.ops()) {
            if (op instanceof Scan scan) {
                Dim steps = scan.inputs().get(scan.numCarried()).type().dim(scan.axis());
                limits.add(OnnxRewrite.Limit.atLeast(
                        steps, 1, "the loop %s needs a step on ONNX Runtime".formatted(scan.label())));
                limits.addAll(of(scan.body()));
            }
        }
        return limits;
    }
}
