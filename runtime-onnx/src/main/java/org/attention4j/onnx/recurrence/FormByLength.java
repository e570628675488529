package org.attention4j.onnx.recurrence;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.ChunkedRecurrence;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.onnx.emit.Branches;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * Decodes by the step of a {@link Recurrence}, without a loop, and prefills by chunks where it has them, else by a loop of the
 * step: one session serves both, and looks at the length of each run.
 */
@AutoService(OnnxLowering.class)
public final class FormByLength implements OnnxLowering {
    /** Says to whoever imports the file which branch is right for all lengths. */
    private static final String GENERAL_BRANCH = "attention4j.general_branch";

    @Override
    public String name() {
        return "form_by_length";
    }

    @Override
    public String op() {
        return "recurrence";
    }

    @Override
    public boolean isFor(CompositeOp composite) {
        return composite instanceof Recurrence;
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite composite) {
        return List.of(
                OnnxRewrite.Limit.atLeast(seq(composite), 1, composite.label() + " needs a token on ONNX Runtime"));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite composite) {
        Recurrence op = (Recurrence) composite.op();
        Dim seq = seq(composite);
        String single = w.once("is single " + seq, root -> root.op("Equal", List.of(root.size(seq), root.scalar(1L))));
        Recurrence.Body whole = op instanceof ChunkedRecurrence c ? c::chunks : op::decompose;
        // Where the length is known one form is enough: the engine leaves the other branch out.
        boolean neverSingle = seq instanceof Dim.Fixed(long n) && n != 1;
        boolean alwaysSingle = seq.equals(Dim.of(1));
        Graph step = graph(composite, neverSingle ? whole : op::single);
        Graph rest = graph(composite, alwaysSingle ? op::single : whole);
        List<String> names = Branches.on(w, single, step, rest, composite.inputs());
        if (!alwaysSingle) {
            w.describe(GENERAL_BRANCH, "else_branch");
        }
        return names;
    }

    private static Graph graph(Composite composite, Recurrence.Body body) {
        List<TensorType> types = composite.inputs().stream().map(Value::type).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            names.add("in." + i);
        }
        return Recurrence.graph(composite.name(), types, names, body);
    }

    private static Dim seq(Composite composite) {
        Recurrence op = (Recurrence) composite.op();
        return composite.inputs().get(op.numStates()).type().dim(1);
    }
}
