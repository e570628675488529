package org.attention4j.onnx.linearattention;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.x86.LinearRecurrenceKernel;

/**
 * One node that takes a step for each token, by code that is generated for this machine's processor: for prompts faster than chunks, since
 * a head's state stays in the nearest cache.
 */
@AutoService(OnnxLowering.class)
public final class GeneratedRecurrence implements OnnxLowering {
    @Override
    public String name() {
        return "generated_recurrence";
    }

    @Override
    public String op() {
        return "linear_recurrence";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public Answer supports(Composite c) {
        TensorType query = c.input("query").type();
        TensorType value = c.input("value").type();
        if (!query.dim(2).isFixed() || !query.dim(3).isFixed() || !value.dim(3).isFixed()) {
            return Answer.no("code is generated for heads of fixed sizes");
        }
        return Answer.onlyIf(
                query.fixedDim(3) <= LinearRecurrenceKernel.MOST_ROWS,
                "a state has %d rows, of which there may be %d"
                        .formatted(query.fixedDim(3), LinearRecurrenceKernel.MOST_ROWS));
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return context.noGeneratedCode().map(Answer::no).orElseGet(() -> supports(c));
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite c) {
        return List.of(OnnxRewrite.Limit.atLeast(
                c.input("query").type().dim(1), 1, c.label() + " needs a token on ONNX Runtime"));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        LinearRecurrence op = (LinearRecurrence) c.op();
        TensorType query = c.input("query").type();
        w.updateInPlace(c.input("state"));
        return w.ops(
                CustomOps.DOMAIN,
                CustomOps.LINEAR_RECURRENCE,
                c.inputs().stream().map(w::f32).toList(),
                2,
                Attributes.of(CustomOps.DECAY, op.decay().name()),
                Attributes.of(CustomOps.LOW_RANK, op.lowRank() ? 1L : 0L),
                Attributes.of(CustomOps.READ_BEFORE, op.readBefore() ? 1L : 0L),
                Attributes.of(CustomOps.SCALE, (float) op.scale()),
                Attributes.of(CustomOps.HEADS, query.fixedDim(2)),
                Attributes.of(CustomOps.KEY_DIM, query.fixedDim(3)),
                Attributes.of(CustomOps.VALUE_DIM, c.input("value").type().fixedDim(3)));
    }
}
