package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsFile;

/**
 * Values of the types of weights that GGUF files hold. The blocks become a weight of the graph, as a model's do, and an embedding
 * takes all rows of it, by whatever the backend does with a table of that type.
 */
@AutoService(OpCase.class)
public final class GgufQuantCases implements OpCase {
    private static final ImmutableMap<String, DType> TYPES = types();

    private static ImmutableMap<String, DType> types() {
        ImmutableMap.Builder<String, DType> types = ImmutableMap.builder();
        Arrays.stream(DType.values())
                .filter(t -> t.isQuantized() || t == DType.BF16)
                .forEach(t -> List.of("random_bytes", "quantized")
                        .forEach(origin -> types.put("gguf_%s_%s".formatted(t, origin), t)));
        return types.buildOrThrow();
    }

    @Override
    public Set<String> ops() {
        return ImmutableSet.copyOf(TYPES.keySet());
    }

    @Override
    public Graph build(GoldenCase golden) {
        Tensor table = table(golden);
        long rows = table.shape().dim(0);
        GraphBuilder b = new GraphBuilder(golden.op());
        Tensor ids = Tensor.i64(Shape.of(rows), LongStream.range(0, rows).toArray());
        b.result("out", b.apply(new Embedding(), b.constant("ids", ids), b.weight("raw", table)));
        return b.build();
    }

    private static DType typeOf(GoldenCase golden) {
        DType dtype = TYPES.get(golden.op());
        if (dtype == null) {
            throw new IllegalArgumentException("no type of weights is called " + golden.op());
        }
        return dtype;
    }

    private static Tensor table(GoldenCase golden) {
        TensorType rows = golden.output("out");
        try (SafetensorsFile file = SafetensorsFile.open(golden.file())) {
            MemorySegment raw = file.tensor("raw").data();
            MemorySegment copy = Arena.ofAuto().allocate(raw.byteSize()).copyFrom(raw);
            return Tensor.of(typeOf(golden), rows.shape(Map.of()), copy);
        }
    }
}
