package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.mixer.attention.KvWrite;
import org.attention4j.core.state.Retention;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** {@code TensorScatter}: writes new tokens to consecutive slots of a ring, in place. */
@AutoService(OnnxLowering.class)
public final class KvScatter implements OnnxLowering {
    @Override
    public String name() {
        return "tensor_scatter";
    }

    @Override
    public String op() {
        return "kv_write";
    }

    @Override
    public Answer supports(Composite c) {
        KvWrite op = (KvWrite) c.op();
        return Answer.onlyIf(
                !(op.retention() instanceof Retention.SinksAndWindow), "its ring can't begin after slots for sinks");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Dim slots = c.input("cache").type().dim(2);
        String position = w.name(c.input("position"));
        boolean wraps = ((KvWrite) c.op()).retention() instanceof Retention.Window;
        String first = wraps
                ? w.once(
                        "ring slot " + position + " " + slots,
                        root -> root.op("Mod", List.of(position, root.size(slots))))
                : position;
        String written = w.op(
                "TensorScatter",
                List.of(w.name(c.input("cache")), w.name(c.input("fresh")), first),
                Attributes.of("axis", 2L),
                Attributes.of("mode", wraps ? "circular" : "linear"));
        w.updateInPlace(c.input("cache"));
        return List.of(written);
    }
}
