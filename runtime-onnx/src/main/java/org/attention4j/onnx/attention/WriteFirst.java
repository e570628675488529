package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.onnx.emit.OnnxRewrite;

/** Writes new tokens to the cache, in place, and attends to it alone: a step reads what the cache holds and copies nothing. */
@AutoService(OnnxRewrite.class)
public final class WriteFirst implements OnnxRewrite {
    @Override
    public String name() {
        return "write_first";
    }

    @Override
    public String op() {
        return "cached_attention";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Answer supports(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        if (op.extras().contains(AttentionInput.BIAS)) {
            return Answer.no("biases come apart for cached and new tokens");
        }
        boolean enough = !(slots(c) instanceof Dim.Fixed(long n)) || op.maxTokensToWriteFirst(n) >= 1;
        return Answer.onlyIf(enough, "the cache has no slot to spare for a new token");
    }

    @Override
    public List<Value> rewrite(GraphBuilder b, Composite c, List<Value> inputs) {
        return ((CachedAttention) c.op()).writeFirst(b, inputs);
    }

    @Override
    public List<Limit> limits(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        if (op.retention() instanceof Retention.All || !(slots(c) instanceof Dim.Fixed(long n))) {
            return List.of();
        }
        Dim tokens = c.input("query").type().dim(1);
        return List.of(Limit.atMost(
                tokens,
                Dim.of(op.maxTokensToWriteFirst(n)),
                "a longer run would overwrite tokens that it still sees; give it in pieces"));
    }

    private static Dim slots(Composite c) {
        return c.input("past_key").type().dim(2);
    }
}
