package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.norm.Softmax;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/**
 * ONNX's preview of attention with graphs of one's own for scores and weights. Without these it is attention; with them it is
 * written out, and recognised as attention again if the graphs are masks or biases.
 */
@AutoService(OnnxOperators.class)
public final class FlexAttentionOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("ai.onnx.preview", "FlexAttention", FlexAttentionOps::attention);
    }

    private static Value attention(OnnxNode n) {
        Heads heads = new Heads(n, Heads.swap(n, n.input(0)), n.input(1), n.input(2));
        double scale = n.attribute("scale", 0.0);
        if (scale != 0) {
            heads.scale(scale);
        }
        boolean plain = !n.attributes().has("score_mod") && !n.attributes().has("prob_mod");
        Value y = plain ? Heads.swap(n, heads.attend()) : written(n, heads);
        return Elements.like(n, y, n.type(0));
    }

    private static Value written(OnnxNode n, Heads heads) {
        GraphBuilder b = n.builder();
        AttentionSpec spec = heads.spec();
        Value scores = modified(n, "score_mod", AttentionScores.of(n, heads, 0));
        Value weights = modified(n, "prob_mod", b.apply(new Softmax(), scores));
        Value grouped = b.reshape(
                weights, heads.batch(), Dim.of(spec.numKvHeads()), Dim.of(spec.groupSize()), heads.seq(), heads.keys());
        Value values = b.unsqueeze(Elements.f32(n, n.input(2)), 2);
        return b.reshape(
                b.matMul(grouped, values),
                heads.batch(),
                Dim.of(spec.numHeads()),
                heads.seq(),
                Dim.of(spec.valueDim()));
    }

    /** The graphs are written for the type of the inputs. */
    private static Value modified(OnnxNode n, String name, Value x) {
        if (!n.attributes().has(name)) {
            return x;
        }
        Value given = n.builder().cast(x, n.type(0).dtype());
        List<Imported> out = n.inline(n.attributes().graph(name), ImmutableList.of(new Imported.Computed(given)));
        if (out.size() != 1) {
            throw n.broken("graph '%s' has %d outputs, expected one", name, out.size());
        }
        return Elements.f32(n, n.value(out.getFirst()));
    }
}
