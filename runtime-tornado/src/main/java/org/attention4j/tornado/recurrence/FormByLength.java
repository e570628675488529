package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
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
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** One token by the step of a {@link Recurrence}, without a loop; more by chunks where it has them, else by a loop of the step. */
@AutoService(TornadoLowering.class)
public final class FormByLength implements TornadoLowering {
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

    /** The step if the length may be 1, the loop, and the chunks if there are such. */
    @Override
    public List<Graph> parts(Composite composite) {
        Recurrence op = (Recurrence) composite.op();
        ImmutableList.Builder<Graph> parts = ImmutableList.builder();
        if (mayBeSingle(composite)) {
            parts.add(graph(composite, op::single));
        }
        parts.add(graph(composite, op::decompose));
        if (op instanceof ChunkedRecurrence c) {
            parts.add(graph(composite, c::chunks));
        }
        return parts.build();
    }

    private static boolean mayBeSingle(Composite composite) {
        return !(seq(composite) instanceof Dim.Fixed(long n)) || n == 1;
    }

    private static Dim seq(Composite composite) {
        Recurrence op = (Recurrence) composite.op();
        return composite.inputs().get(op.numStates()).type().dim(1);
    }

    private static Graph graph(Composite composite, Recurrence.Body body) {
        List<TensorType> types = composite.inputs().stream().map(Value::type).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            names.add("in." + i);
        }
        return Recurrence.graph(composite.label(), types, names, body);
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        int length = l.size(seq(composite));
        int loop = mayBeSingle(composite) ? 1 : 0;
        l.inline(length == 1 ? parts.getFirst() : length == 0 ? parts.get(loop) : parts.getLast(), composite);
    }
}
