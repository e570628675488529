package org.attention4j.tornado.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.program.Lowerer;

/** Composites on {@code x [batch, seq, …]} that are less work for one token: a form for that, and the definition for others. */
final class Forms {
    private Forms() {}

    /** The form for one token if the length may be 1, then the definition. */
    static List<Graph> oneAndAny(Composite composite, Recurrence.Body one) {
        ImmutableList.Builder<Graph> parts = ImmutableList.builder();
        if (mayBeSingle(composite)) {
            parts.add(graph(composite, one));
        }
        return parts.add(graph(composite, (b, in) -> composite.op().decompose(b, in)))
                .build();
    }

    private static boolean mayBeSingle(Composite composite) {
        return !(seq(composite) instanceof Dim.Fixed(long n)) || n == 1;
    }

    private static Dim seq(Composite composite) {
        return composite.input("x").type().dim(1);
    }

    private static Graph graph(Composite composite, Recurrence.Body body) {
        List<TensorType> types = composite.inputs().stream().map(Value::type).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            names.add("in." + i);
        }
        return Recurrence.graph(composite.label(), types, names, body);
    }

    /** Writes the form that the length asks for. */
    static void lower(Lowerer l, Composite composite, List<Graph> parts) {
        l.inline(l.size(seq(composite)) == 1 ? parts.getFirst() : parts.getLast(), composite);
    }

    /** The next states {@code [batch, …]} of the sequences that have a token, and the present ones of the others. */
    static Value unlessEmpty(GraphBuilder b, Value lengths, Value next, Value state) {
        Value some = b.binary(BinaryKind.LESS, b.scalar(DType.I64, 0), lengths);
        for (int d = 1; d < state.type().rank(); d++) {
            some = b.unsqueeze(some, -1);
        }
        return b.where(some, next, state);
    }
}
