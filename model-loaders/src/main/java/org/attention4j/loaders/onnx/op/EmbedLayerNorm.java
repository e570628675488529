package org.attention4j.loaders.onnx.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;

/** ONNX Runtime's {@code EmbedLayerNormalization}: the sum of word, position and segment embeddings, and its norm. */
final class EmbedLayerNorm {
    private EmbedLayerNorm() {}

    /** Outputs: the norm, how many tokens the mask shows, and the sum. */
    static List<Imported> embed(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value ids = n.input(0);
        Value sum = rows(n, ids, 2);
        Dim seq = ids.type().dim(1);
        Value positions = n.find(8).orElseGet(() -> b.unsqueeze(b.iota(seq), 0));
        sum = Elements.add(n, sum, rows(n, positions, 3));
        if (n.has(1) && n.has(4)) {
            sum = Elements.add(n, sum, rows(n, n.input(1), 4));
        }
        double eps = n.attribute("epsilon", (double) 1e-12f);
        Value y = NormOps.normalized(n, sum, eps, n.input(5), Optional.of(n.input(6)));
        DType dtype = n.type(2).dtype();
        List<Imported> out = new ArrayList<>();
        out.add(new Imported.Computed(b.cast(y, dtype)));
        Value shown = n.has(7)
                ? b.reduce(ReduceKind.SUM, n.input(7), false, 1)
                : b.cast(b.broadcast(b.scalar(DType.I64, 0), List.of(ids.type().dim(0))), DType.I32);
        out.add(new Imported.Computed(shown));
        out.add(new Imported.Computed(b.cast(sum, dtype)));
        return out;
    }

    private static Value rows(OnnxNode n, Value ids, int table) {
        return n.builder().apply(new Embedding(), Elements.i64(n, ids), n.input(table));
    }
}
