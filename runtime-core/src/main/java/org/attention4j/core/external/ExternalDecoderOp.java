package org.attention4j.core.external;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * A whole external decoder as one op. Inputs: {@code tokens I64[1, seq]}, {@code position I64[1]}, {@code rows I64[rows]}, and the
 * states as sessions keep them. Results: logits {@code F32[1, rows, vocabSize]} and the next states. It can't be decomposed.
 */
public record ExternalDecoderOp(ExternalDecoder decoder, List<TensorType> states) implements CompositeOp {
    public ExternalDecoderOp {
        states = ImmutableList.copyOf(states);
    }

    @Override
    public String name() {
        return "external_decoder";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        names.add("tokens", "position", "rows");
        decoder.states().forEach(s -> names.add(s.input()));
        return names.build();
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        Dim rows = in.get(2).dim(0);
        return ImmutableList.<TensorType>builder()
                .add(TensorType.of(DType.F32, in.get(0).dim(0), rows, Dim.of(decoder.vocabSize())))
                .addAll(in.subList(3, in.size()))
                .build();
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        throw new BackendException("%s: the file is run as it is, by a backend for %s files alone"
                .formatted(decoder.file(), decoder.format()));
    }
}
