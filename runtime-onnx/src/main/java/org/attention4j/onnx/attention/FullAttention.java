package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** ONNX's {@code Attention} (opset 24), for attention to all keys, or to those that a mask shows. */
@AutoService(OnnxLowering.class)
public final class FullAttention implements OnnxLowering {
    private static final Set<AttentionInput> KNOWN_EXTRAS =
            Sets.immutableEnumSet(AttentionInput.MASK, AttentionInput.BIAS);

    @Override
    public String name() {
        return "full_attention";
    }

    @Override
    public String op() {
        return "attention";
    }

    @Override
    public Answer supports(Composite c) {
        Attention op = (Attention) c.op();
        AttentionSpec spec = op.spec();
        if (spec.causal() || spec.window() > 0 || spec.chunk() > 0) {
            return Answer.no("it is for attention to all keys, without a window or chunks");
        }
        if (op.extras().containsAll(KNOWN_EXTRAS)) {
            return Answer.no("it takes a mask or a bias, not both");
        }
        return Answer.onlyIf(
                KNOWN_EXTRAS.containsAll(op.extras()),
                "it takes none of " + Sets.difference(op.extras(), KNOWN_EXTRAS));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        AttentionSpec spec = ((Attention) c.op()).spec();
        List<String> inputs = new ArrayList<>();
        inputs.add(swapped(w, w.name(c.input("query"))));
        inputs.add(w.name(c.input("key")));
        inputs.add(w.name(c.input("value")));
        Optional<Value> mask =
                c.findInput(AttentionInput.MASK.inputName()).or(() -> c.findInput(AttentionInput.BIAS.inputName()));
        mask.ifPresent(m -> inputs.add(spread(w, c, m)));
        String y =
                w.op("Attention", inputs, Attributes.of("scale", (float) spec.scale()), Attributes.of("softcap", (float)
                        spec.softcap()));
        return List.of(swapped(w, y));
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, heads, seq, dim]}, or back. */
    private static String swapped(OnnxWriter w, String x) {
        return w.op("Transpose", List.of(x), Attributes.of("perm", 0, 2, 1, 3));
    }

    /** A mask or bias with four dimensions, of which the operator itself broadcasts only the first two. */
    private static String spread(OnnxWriter w, Composite c, Value mask) {
        List<Dim> dims = new ArrayList<>(mask.type().dims());
        while (dims.size() < 4) {
            dims.addFirst(Dim.of(1));
        }
        String fourDims = w.reshape(w.name(mask), dims);
        dims.set(2, c.input("query").type().dim(1));
        dims.set(3, c.input("key").type().dim(2));
        return w.op("Expand", List.of(fourDims, w.shape(dims)));
    }
}
