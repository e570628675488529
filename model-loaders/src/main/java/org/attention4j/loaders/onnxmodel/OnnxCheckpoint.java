package org.attention4j.loaders.onnxmodel;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.WeightLayout;
import org.attention4j.onnx.file.ModelGuard;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.file.TensorBytes;
import org.attention4j.onnx.file.TensorSize;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** An ONNX file and what lies beside it. */
final class OnnxCheckpoint implements Checkpoint {
    /** The vocabulary of a GGUF file that was exported. */
    static final String GGUF_TOKENIZER = "tokenizer.gguf";

    /** What tells that a folder is a model's own. */
    private static final List<String> BESIDE =
            List.of("config.json", "genai_config.json", "tokenizer.json", GGUF_TOKENIZER);

    private final Path path;
    private final Path home;
    private final ModelProto model;
    private final Map<String, TensorProto> tensors = new LinkedHashMap<>();
    private final Optional<Checkpoint> vocabulary;
    private Optional<Arena> arena = Optional.empty();

    private OnnxCheckpoint(Path path, Path home, ModelProto model) {
        this.path = path;
        this.home = home;
        this.model = model;
        for (TensorProto t : model.getGraph().getInitializerList()) {
            if (DataType.forNumber(t.getDataType()) != DataType.STRING && tensors.put(t.getName(), t) != null) {
                throw new ModelFormatException(path, "two initializers are called " + quote(t.getName()));
            }
        }
        Path gguf = home.resolve(GGUF_TOKENIZER);
        this.vocabulary = Files.isRegularFile(gguf) ? Optional.of(ModelFormats.open(gguf)) : Optional.empty();
    }

    /**
     * Reads a file, and checks it and that its side files hold what it says.
     *
     * @throws ModelFormatException if they are broken
     */
    static OnnxCheckpoint open(Path path) {
        try {
            ModelProto model = OnnxModels.read(path);
            ModelGuard.check(model, path);
            return new OnnxCheckpoint(path, home(path.toAbsolutePath()), model);
        } catch (IOException e) {
            throw ModelFormatException.of(path, e);
        }
    }

    /** The file's folder, or the one around it if it is called {@code onnx} and has nothing but the model. */
    private static Path home(Path file) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        Path around = folder.getParent();
        boolean isInside =
                folder.endsWith("onnx") && BESIDE.stream().map(folder::resolve).noneMatch(Files::exists);
        return around != null && isInside ? around : folder;
    }

    ModelProto model() {
        return model;
    }

    @Override
    public String format() {
        return OnnxFormat.NAME;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public String architecture() {
        return OnnxArchitecture.NAME;
    }

    @Override
    public WeightLayout layout() {
        return WeightLayout.TRANSFORMERS;
    }

    /** Nothing: the graph says it all. What {@code config.json} says of other things is found by whoever needs it. */
    @Override
    public Config config() {
        return Config.of(path, Map.of());
    }

    /** The keys of the vocabulary beside it, if there is one, else the file's own properties. */
    @Override
    public Config metadata() {
        return vocabulary.map(Checkpoint::metadata).orElseGet(() -> Config.of(path, properties()));
    }

    /** The file's own properties. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        model.getMetadataPropsList().forEach(p -> properties.put(p.getKey(), p.getValue()));
        return properties;
    }

    @Override
    public List<TensorInfo> tensors() {
        return tensors.values().stream().map(OnnxCheckpoint::info).toList();
    }

    private static TensorInfo info(TensorProto t) {
        long[] dims = t.getDimsList().stream().mapToLong(Long::longValue).toArray();
        DataType type = type(t);
        return new TensorInfo(t.getName(), type.name(), dtype(type), Shape.of(dims), TensorSize.bytes(type, dims));
    }

    private static DataType type(TensorProto t) {
        return Optional.ofNullable(DataType.forNumber(t.getDataType())).orElse(DataType.UNDEFINED);
    }

    /** The type in this library's terms, if it has one. */
    static Optional<DType> dtype(DataType type) {
        return Optional.ofNullable(
                switch (type) {
                    case DOUBLE -> DType.F64;
                    case FLOAT -> DType.F32;
                    case FLOAT16 -> DType.F16;
                    case BFLOAT16 -> DType.BF16;
                    case INT64 -> DType.I64;
                    case INT32 -> DType.I32;
                    case INT8 -> DType.I8;
                    case UINT8 -> DType.U8;
                    case BOOL -> DType.BOOL;
                    default -> null;
                });
    }

    @Override
    public boolean hasTensor(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public Tensor tensor(String name) {
        TensorProto t = tensors.get(name);
        if (t == null) {
            throw new ModelFormatException(
                    path, "no tensor %s among its %d initializers".formatted(quote(name), tensors.size()));
        }
        TensorInfo info = info(t);
        DType dtype = info.dtype()
                .orElseThrow(() -> new ModelFormatException(
                        path, "tensor %s has type %s, which is not supported".formatted(quote(name), info.type())));
        try {
            return Tensor.of(dtype, info.shape(), new TensorBytes(path, arena()).of(t));
        } catch (IOException e) {
            throw new ModelFormatException(path, String.valueOf(e.getMessage()), e);
        }
    }

    /** Of side files: whoever only looks at a model maps none. */
    private synchronized Arena arena() {
        Arena known = arena.orElseGet(Arena::ofShared);
        arena = Optional.of(known);
        return known;
    }

    @Override
    public synchronized void close() {
        vocabulary.ifPresent(Checkpoint::close);
        arena.filter(a -> a.scope().isAlive()).ifPresent(Arena::close);
    }
}
