package org.attention4j.cli.verify;

import java.util.List;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;

/** A recorded layer: a mixer on sequences that begin. */
final class OneMixer {
    private OneMixer() {}

    /** Writes the mixer in its first form for {@code x [batch, seq, hidden]}, from states of zeros. */
    static SequenceMixer.Mixed mix(GraphBuilder b, SequenceMixer mixer, Parameters parameters, Value x) {
        Value position = b.broadcast(b.scalar(DType.I64, 0), List.of(x.type().dim(0)));
        List<Value> state = mixer.state().slots(Storage.EXACT).stream()
                .map(slot -> slot.type().withDim(0, x.type().dim(0)))
                .map(type -> zeros(b, type))
                .toList();
        return mixer.mix(MixContext.of(b, parameters, position), mixer.forms().getFirst(), x, state);
    }

    private static Value zeros(GraphBuilder b, TensorType type) {
        return b.broadcast(b.scalar(DType.F32, 0), type.dims());
    }
}
