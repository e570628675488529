package org.attention4j.onnx.rwkv;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxRewrite;

/** Mixes one by one: where rows' functions are generated code, all of them and what is around them become one. */
@AutoService(OnnxRewrite.class)
public final class SeparateMixes implements OnnxRewrite {
    @Override
    public String name() {
        return "separate_mixes";
    }

    @Override
    public String op() {
        return "token_mix";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.yes();
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return context.noGeneratedCode().map(Answer::no).orElseGet(() -> supports(c));
    }

    @Override
    public List<Value> rewrite(GraphBuilder b, Composite c, List<Value> inputs) {
        Value x = inputs.get(0);
        Value change = inputs.get(1);
        return inputs.subList(2, inputs.size()).stream()
                .map(mu -> b.add(x, b.mul(change, b.toF32(mu))))
                .toList();
    }
}
