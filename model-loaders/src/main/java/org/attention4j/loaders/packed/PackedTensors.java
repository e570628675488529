package org.attention4j.loaders.packed;

import static org.attention4j.loaders.ModelFormatException.quote;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/**
 * The tensors of a safetensors model, with each packed layer as the one tensor that it stands for: {@code name.weight} for
 * {@code name.qweight}, {@code name.qzeros}, {@code name.scales} and {@code name.g_idx}, or {@code name} for
 * {@code name_blocks} and {@code name_scales}, or for {@code name} itself and {@code name_scale_inv}. Immutable and thread-safe.
 */
public final class PackedTensors {
    private final SafetensorsModel model;
    private final ImmutableList<TensorInfo> infos;
    private final ImmutableMap<String, Supplier<Tensor>> made;

    private PackedTensors(
            SafetensorsModel model, ImmutableList<TensorInfo> infos, ImmutableMap<String, Supplier<Tensor>> made) {
        this.model = model;
        this.infos = infos;
        this.made = made;
    }

    /**
     * The tensors of a model. Reads the shapes of packed ones, none of their contents.
     *
     * @param path the model, for error messages
     * @param config its {@code config.json}
     * @throws UnsupportedModelException if it is packed in a way that is not read
     * @throws org.attention4j.loaders.ModelFormatException if the configuration or the shapes of packed tensors are wrong
     */
    public static PackedTensors of(Path path, SafetensorsModel model, Config config) {
        Map<String, TensorInfo> stored = new LinkedHashMap<>();
        model.tensors().forEach(t -> stored.put(t.name(), t));
        Reader reader = reader(Quantization.read(config), new TensorParts(path, model, stored));
        Map<String, PackedTensor> packed = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        for (String name : stored.keySet()) {
            reader.read(name).ifPresent(t -> {
                packed.put(name, t);
                used.addAll(t.parts());
            });
        }
        return of(model, packed, used);
    }

    /** Finds packed tensors by one of their parts. */
    private interface Reader {
        /** The tensor that the part of this name stands for, if it is the first part of one. */
        Optional<PackedTensor> read(String name);
    }

    private static Reader reader(Optional<Quantization> quantization, TensorParts parts) {
        if (quantization.isEmpty()) {
            return name -> refuse(parts.path(), name);
        }
        return switch (quantization.get()) {
            case Quantization.Grouped grouped -> new GroupedReader(parts, grouped)::read;
            case Quantization.Fp8 fp8 -> new Fp8Reader(parts, fp8)::read;
            case Quantization.Mxfp4 mxfp4 -> new Mxfp4Reader(parts)::read;
        };
    }

    private static PackedTensors of(SafetensorsModel model, Map<String, PackedTensor> packed, Set<String> used) {
        ImmutableList.Builder<TensorInfo> infos = ImmutableList.builder();
        ImmutableMap.Builder<String, Supplier<Tensor>> made = ImmutableMap.builder();
        for (TensorInfo info : model.tensors()) {
            PackedTensor tensor = packed.get(info.name());
            if (tensor != null) {
                infos.add(tensor.info());
                made.put(tensor.info().name(), Suppliers.memoize(tensor.tensor()::get));
            } else if (!used.contains(info.name())) {
                infos.add(info);
            }
        }
        return new PackedTensors(model, infos.build(), made.buildKeepingLast());
    }

    private static Optional<PackedTensor> refuse(Path path, String name) {
        if (!GroupedReader.isPacked(name)) {
            return Optional.empty();
        }
        throw new UnsupportedModelException(
                path,
                "tensor %s is packed, but no quantization_config, quantize_config.json or quant_config.json says how"
                        .formatted(quote(name)));
    }

    /** All tensors, in the order of the file. */
    public List<TensorInfo> tensors() {
        return infos;
    }

    /** Whether there is a tensor of this name, in the file or made of others. */
    public boolean has(String name) {
        return made.containsKey(name) || model.hasTensor(name);
    }

    /**
     * The tensor of this name.
     *
     * @throws org.attention4j.loaders.ModelFormatException if there is none, its type is not supported or a part of it is wrong
     */
    public Tensor tensor(String name) {
        Supplier<Tensor> tensor = made.get(name);
        return tensor != null ? tensor.get() : model.tensor(name);
    }
}
