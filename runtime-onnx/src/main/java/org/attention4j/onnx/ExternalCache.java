package org.attention4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.external.ExternalState;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** One state of a decoder that is run as it is: the tensor that the next run takes. */
final class ExternalCache implements AutoCloseable {
    private final OrtEnvironment environment;
    private final ExternalState spec;
    private Optional<NativeTensor> own;
    private OnnxTensor value;

    /** A state of no tokens. */
    ExternalCache(OrtEnvironment environment, ExternalState spec) {
        this.environment = environment;
        this.spec = spec;
        NativeTensor zeros = allocate(0);
        this.own = Optional.of(zeros);
        this.value = zeros.onnx();
    }

    ExternalState spec() {
        return spec;
    }

    OnnxTensor value() {
        return value;
    }

    private NativeTensor allocate(long tokens) {
        return new NativeTensor(environment, spec.input(), spec.type().dtype(), spec.shape(tokens));
    }

    private long tokens() {
        long[] dims = value.getInfo().getShape();
        return dims[spec.growing().orElseThrow()];
    }

    /** Takes what a run gave, which is freed with the run's result. */
    void replace(OnnxTensor next) {
        own.ifPresent(NativeTensor::close);
        own = Optional.empty();
        value = next;
    }

    private void become(NativeTensor next) {
        own.ifPresent(NativeTensor::close);
        own = Optional.of(next);
        value = next.onnx();
    }

    /** Forgets the tokens after the first ones; a state that has no entries for tokens stays as it is. */
    void shorten(long tokens) {
        if (spec.growing().isEmpty() || tokens() == tokens) {
            return;
        }
        if (tokens > tokens()) {
            throw new BackendException(
                    "state %s: it has %d tokens, expected %d".formatted(spec.input(), tokens(), tokens));
        }
        NativeTensor shorter = allocate(tokens);
        spec.copyTokens(bytes(), tokens(), shorter.tensor().data(), tokens);
        become(shorter);
    }

    /** The state as sessions know it: with zeros in the room for more tokens. */
    Tensor read(Shape shape) {
        Tensor out = Tensor.zeros(spec.type().dtype(), shape);
        if (spec.growing().isEmpty()) {
            out.data().copyFrom(bytes());
        } else {
            spec.copyTokens(bytes(), tokens(), out.data(), shape.dim(2));
        }
        return out;
    }

    /** Undoes {@link #read}: all the room counts as tokens, until a run says how many there are. */
    void write(Tensor given) {
        NativeTensor next =
                allocate(spec.growing().isEmpty() ? 0 : given.shape().dim(2));
        next.tensor().data().copyFrom(given.data());
        become(next);
    }

    private MemorySegment bytes() {
        return own.map(t -> t.tensor().data()).orElseGet(() -> MemorySegment.ofBuffer(value.getByteBuffer()));
    }

    @Override
    public void close() {
        own.ifPresent(NativeTensor::close);
        own = Optional.empty();
    }
}
