package org.attention4j.loaders.packed;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;

/** Reads layers of GPTQ and AWQ. */
record GroupedReader(TensorParts parts, Quantization.Grouped format) {
    private static final String QWEIGHT = "qweight";

    /** More than any layer has; what is allocated for each input must not come from a broken file. */
    private static final int MOST_INPUTS = 1 << 22;

    /** The four tensors of a layer, whose shapes agree, and its sizes. */
    private record Layer(
            TensorInfo qweight,
            TensorInfo qzeros,
            TensorInfo scales,
            Optional<TensorInfo> groupIndex,
            int bits,
            int numInputs,
            int groupSize) {}

    /** Whether a tensor is the {@code qweight} of a layer. */
    static boolean isPacked(String name) {
        return name.equals(QWEIGHT) || name.endsWith("." + QWEIGHT);
    }

    /** The weight that {@code name} is the {@code qweight} of, if it is one. */
    Optional<PackedTensor> read(String name) {
        if (!isPacked(name)) {
            return Optional.empty();
        }
        String base = name.substring(0, name.length() - QWEIGHT.length());
        Layer layer = layer(base);
        Set<TensorInfo> all = Stream.concat(
                        Stream.of(layer.qweight, layer.qzeros, layer.scales), layer.groupIndex.stream())
                .collect(Collectors.toSet());
        TensorInfo info = new TensorInfo(
                base + "weight",
                "%s int%d g%d"
                        .formatted(format instanceof Quantization.Awq ? "AWQ" : "GPTQ", layer.bits, layer.groupSize),
                Optional.of(usualType(layer)),
                Shape.of(layer.scales.shape().dim(1), layer.numInputs),
                all.stream().mapToLong(TensorInfo::bytes).sum());
        Set<String> names = all.stream().map(TensorInfo::name).collect(Collectors.toSet());
        return Optional.of(new PackedTensor(info, names, () -> open(layer).weight()));
    }

    /** What the weight is in, unless its zero points or the order of its inputs ask for something else. */
    private static DType usualType(Layer layer) {
        int block = InputOrder.LARGEST_BLOCK;
        while (layer.numInputs % block != 0 || Math.min(layer.numInputs, layer.groupSize) % block != 0) {
            block /= 2;
        }
        return GroupBlocks.types(block)
                .filter(t -> GroupBlocks.bits(t) >= layer.bits)
                .findFirst()
                .orElse(DType.F32);
    }

    private Layer layer(String base) {
        TensorInfo qweight = parts.get(base + QWEIGHT, 2, "I32", t -> t == DType.I32);
        TensorInfo qzeros = parts.get(base + "qzeros", 2, "I32", t -> t == DType.I32);
        TensorInfo scales = parts.get(base + "scales", 2, "a float type", DType::isFloat);
        Optional<TensorInfo> groupIndex = parts.find(base + "g_idx")
                .map(t -> parts.get(t.name(), 1, "I32 or I64", d -> d == DType.I32 || d == DType.I64));
        Layer layer = format instanceof Quantization.Gptq gptq
                ? gptqLayer(gptq, qweight, qzeros, scales, groupIndex)
                : awqLayer(qweight, qzeros, scales);
        long groups = numGroups(layer);
        String reason = "for groups of %d of %d inputs".formatted(layer.groupSize, layer.numInputs);
        parts.requireDims(scales, reason, groups, scales.shape().dim(1));
        parts.requireDims(qzeros, reason, groups, qzeros.shape().dim(1));
        layer.groupIndex.ifPresent(t -> parts.requireDims(t, "for each input its group", layer.numInputs));
        return layer;
    }

    private Layer gptqLayer(
            Quantization.Gptq gptq,
            TensorInfo qweight,
            TensorInfo qzeros,
            TensorInfo scales,
            Optional<TensorInfo> groupIndex) {
        long outputs = scales.shape().dim(1);
        int bits = gptq.varies() ? bits(qzeros, outputs) : gptq.bits();
        String reason = "for %d outputs of %d bits".formatted(outputs, bits);
        parts.requireDims(qweight, reason, qweight.shape().dim(0), outputs);
        parts.requireDims(qzeros, reason, qzeros.shape().dim(0), Math.ceilDiv(outputs * bits, Integer.SIZE));
        long inputBits = qweight.shape().dim(0) * Integer.SIZE;
        if (inputBits % bits != 0 || inputBits / bits > MOST_INPUTS) {
            throw parts.bad(
                    qweight, "%d-bit integers of a whole number of at most %d inputs".formatted(bits, MOST_INPUTS));
        }
        int inputs = (int) (inputBits / bits);
        int groupSize = gptq.varies()
                ? (int) Math.ceilDiv(inputs, scales.shape().dim(0))
                : gptq.groupSize() < 0 ? inputs : gptq.groupSize();
        return new Layer(qweight, qzeros, scales, groupIndex, bits, inputs, groupSize);
    }

    /** How many bits the layer's own shapes tell. */
    private int bits(TensorInfo qzeros, long outputs) {
        return Stream.of(2, 3, 4, 8)
                .filter(b -> Math.ceilDiv(outputs * b, Integer.SIZE)
                        == qzeros.shape().dim(1))
                .findFirst()
                .orElseThrow(() -> parts.bad(qzeros, "%d zero points of 2, 3, 4 or 8 bits".formatted(outputs)));
    }

    private Layer awqLayer(TensorInfo qweight, TensorInfo qzeros, TensorInfo scales) {
        long outputs = scales.shape().dim(1);
        long inputs = qweight.shape().dim(0);
        if (inputs > MOST_INPUTS) {
            throw parts.bad(qweight, "at most %d inputs".formatted(MOST_INPUTS));
        }
        String reason = "for %d outputs of 4 bits".formatted(outputs);
        parts.requireDims(qweight, reason, inputs, Math.ceilDiv(outputs, 8));
        parts.requireDims(qzeros, reason, qzeros.shape().dim(0), Math.ceilDiv(outputs, 8));
        int groupSize = format.groupSize() < 0 ? (int) inputs : format.groupSize();
        return new Layer(qweight, qzeros, scales, Optional.empty(), 4, (int) inputs, groupSize);
    }

    private static int numGroups(Layer layer) {
        return Math.ceilDiv(layer.numInputs, layer.groupSize);
    }

    /** The group of each input, where no tensor says it. */
    private static int[] groups(Layer layer) {
        int[] groups = new int[layer.numInputs];
        Arrays.setAll(groups, i -> i / layer.groupSize);
        return groups;
    }

    private GroupedLayer open(Layer layer) {
        Words qweight = Words.of(parts.tensor(layer.qweight));
        Words qzeros = Words.of(parts.tensor(layer.qzeros));
        Codes codes = format instanceof Quantization.Gptq gptq
                ? new Codes.Gptq(qweight, qzeros, layer.bits, gptq.zeroOffset())
                : new Codes.Awq(qweight, qzeros);
        int[] groups = layer.groupIndex.map(t -> groups(layer, t)).orElseGet(() -> groups(layer));
        GroupScales scales = new GroupScales(
                parts.tensor(layer.scales),
                numGroups(layer),
                layer.scales.shape().dim(1),
                false);
        return new GroupedLayer(codes, layer.bits, scales, InputOrder.of(groups, numGroups(layer)));
    }

    private int[] groups(Layer layer, TensorInfo index) {
        Tensor tensor = parts.tensor(index);
        int[] groups = new int[layer.numInputs];
        for (int i = 0; i < groups.length; i++) {
            long group = tensor.getLong(i);
            if (group < 0 || group >= numGroups(layer)) {
                throw new ModelFormatException(
                        parts.path(),
                        "tensor %s: input %d is in group %d, expected 0 to %d"
                                .formatted(quote(index.name()), i, group, numGroups(layer) - 1));
            }
            groups[i] = (int) group;
        }
        return groups;
    }
}
