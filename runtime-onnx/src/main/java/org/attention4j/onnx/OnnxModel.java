package org.attention4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Any model in an ONNX file, run as it is with tensors by name: encoders, models of images or sound, parts of others. Thread-safe.
 *
 * <pre>{@code
 * try (OnnxModel model = OnnxModel.open(Path.of("encoder.onnx"), BackendOptions.DEFAULT)) {
 *     Tensor hidden = model.run(Map.of("input_ids", ids, "attention_mask", mask)).get("last_hidden_state");
 * }
 * }</pre>
 */
public final class OnnxModel implements AutoCloseable {
    private final Path path;
    private final ModelFile file;
    private final ImmutableList<Port> inputs;
    private final ImmutableList<Port> outputs;

    /**
     * An input or output.
     *
     * @param name its name
     * @param dtype the type of its elements; empty for what no {@link Tensor} can hold, such as strings, sequences and maps
     * @param dims its sizes, −1 where they are any
     */
    public record Port(String name, Optional<DType> dtype, List<Long> dims) {
        public Port {
            dims = ImmutableList.copyOf(dims);
        }
    }

    private OnnxModel(Path path, ModelFile file) {
        this.path = path;
        this.file = file;
        try {
            this.inputs = ports(file.session().getInputInfo());
            this.outputs = ports(file.session().getOutputInfo());
        } catch (OrtException e) {
            file.close();
            throw file.failure(e);
        }
    }

    /**
     * Loads a model.
     *
     * @param options device, threads and the settings of the backend {@code onnx}
     * @throws BackendException if it can't be read, is broken, or ONNX Runtime refuses it
     */
    public static OnnxModel open(Path path, BackendOptions options) {
        return new OnnxModel(path, ModelFile.open(path, OnnxOptions.of(options, ExecutionProviders.devices())));
    }

    private static ImmutableList<Port> ports(Map<String, NodeInfo> infos) {
        ImmutableList.Builder<Port> ports = ImmutableList.builder();
        infos.forEach((name, info) -> ports.add(
                info.getInfo() instanceof TensorInfo t
                        ? new Port(
                                name,
                                OrtTypes.find(t.type),
                                Arrays.stream(t.getShape()).boxed().toList())
                        : new Port(name, Optional.empty(), List.of())));
        return ports.build();
    }

    /** What it takes, in the file's order. */
    public List<Port> inputs() {
        return inputs;
    }

    /** What it gives, in the file's order. */
    public List<Port> outputs() {
        return outputs;
    }

    /**
     * Runs the model once.
     *
     * @param given a tensor for each input that has no value in the file, of its type and dims
     * @return a tensor for each output that is one, which the caller may keep
     * @throws IllegalArgumentException if an input is missing or unknown, or of another type
     * @throws BackendException if the run fails, such as for tensors of other dims, or an output is no tensor
     */
    public Map<String, Tensor> run(Map<String, Tensor> given) {
        requireInputs(given);
        List<NativeTensor> fed = new ArrayList<>();
        try {
            Map<String, OnnxTensor> in = new HashMap<>();
            given.forEach((name, tensor) -> {
                NativeTensor t = new NativeTensor(OrtRuntime.environment(), name, tensor.dtype(), tensor.shape());
                fed.add(t);
                t.fill(tensor);
                in.put(name, t.onnx());
            });
            try (OrtSession.Result result = file.session().run(in)) {
                return copies(result);
            }
        } catch (OrtException e) {
            throw file.failure(e);
        } finally {
            fed.forEach(NativeTensor::close);
        }
    }

    private void requireInputs(Map<String, Tensor> given) {
        List<String> names = inputs.stream().map(Port::name).toList();
        for (String name : given.keySet()) {
            require(names.contains(name), "there is no input %s to give; expected %s", name, names);
        }
        for (Port p : inputs) {
            String expected = p.dtype().map(DType::name).orElse("no tensor") + p.dims();
            Optional<Tensor> t = Optional.ofNullable(given.get(p.name()));
            require(t.isPresent(), "input %s is missing, expected %s", p.name(), expected);
            boolean fits = t.map(Tensor::dtype).equals(p.dtype());
            require(fits, "input %s is %s, expected %s", p.name(), t.orElseThrow(), expected);
        }
    }

    private void require(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException(path + ": " + message.formatted(args));
        }
    }

    private ImmutableMap<String, Tensor> copies(OrtSession.Result result) {
        ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
        for (Map.Entry<String, OnnxValue> e : result) {
            if (!(e.getValue() instanceof OnnxTensor t)) {
                throw new BackendException("%s: the output %s is no tensor".formatted(path, e.getKey()));
            }
            DType dtype = OrtTypes.dtype(t.getInfo().type);
            Tensor copy = Tensor.zeros(dtype, Shape.of(t.getInfo().getShape()));
            copy.data().copyFrom(MemorySegment.ofBuffer(t.getByteBuffer()));
            out.put(e.getKey(), copy);
        }
        return out.buildOrThrow();
    }

    @Override
    public void close() {
        file.close();
    }
}
