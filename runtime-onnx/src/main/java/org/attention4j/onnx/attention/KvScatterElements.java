package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.attention.KvWrite;
import org.attention4j.core.state.Retention;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** {@code ScatterElements}: writes new tokens to a cache whose ring begins after slots for sinks, in place. */
@AutoService(OnnxLowering.class)
public final class KvScatterElements implements OnnxLowering {
    @Override
    public String name() {
        return "scatter_elements";
    }

    @Override
    public String op() {
        return "kv_write";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Answer supports(Composite c) {
        KvWrite op = (KvWrite) c.op();
        return Answer.onlyIf(op.retention() instanceof Retention.SinksAndWindow, "tensor_scatter does without indices");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        TensorType fresh = c.input("fresh").type();
        Dim slots = c.input("cache").type().dim(2);
        int sinks = ((KvWrite) c.op()).retention().numSinks();
        String position = w.name(c.input("position"));
        // position p + t goes to slot p + t, or beyond the sinks to sinks + (p + t − sinks) mod (slots − sinks)
        String index = w.once("sink ring slots " + position + " " + slots + " " + sinks, root -> {
            String rows = root.op("Unsqueeze", List.of(position, root.constant(new long[] {1})));
            String offsets = root.op("Range", List.of(root.scalar(0L), root.size(fresh.dim(2)), root.scalar(1L)));
            String at = root.op("Add", List.of(rows, offsets));
            String ring = root.op("Sub", List.of(root.size(slots), root.scalar((long) sinks)));
            String beyond = root.op("Mod", List.of(root.op("Sub", List.of(at, root.scalar((long) sinks))), ring));
            String isSink = root.op("Less", List.of(at, root.scalar((long) sinks)));
            String slot =
                    root.op("Where", List.of(isSink, at, root.op("Add", List.of(beyond, root.scalar((long) sinks)))));
            return root.op("Unsqueeze", List.of(slot, root.constant(1, 3)));
        });
        String indices = w.op("Expand", List.of(index, w.shape(fresh.dims())));
        String written = w.op(
                "ScatterElements",
                List.of(w.name(c.input("cache")), indices, w.name(c.input("fresh"))),
                Attributes.of("axis", 2L));
        w.updateInPlace(c.input("cache"));
        return List.of(written);
    }
}
