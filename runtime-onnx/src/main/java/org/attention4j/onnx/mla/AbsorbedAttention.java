package org.attention4j.onnx.mla;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.mla.LatentAttention;
import org.attention4j.onnx.emit.OnnxRewrite;

/**
 * The absorbed way, for prompts too: they are given in runs so short that making keys and values of the whole cache for each of
 * them costs more than it saves, and each up-projection is read from one side only.
 */
@AutoService(OnnxRewrite.class)
public final class AbsorbedAttention implements OnnxRewrite {
    @Override
    public String name() {
        return "absorbed";
    }

    @Override
    public String op() {
        return "latent_attention";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public List<Value> rewrite(GraphBuilder b, Composite composite, List<Value> inputs) {
        return ((LatentAttention) composite.op()).absorb(b, inputs);
    }
}
