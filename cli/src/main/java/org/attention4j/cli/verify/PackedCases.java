package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.packed.PackedTensors;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/**
 * Layers of GPTQ and AWQ. The case's file is read as a checkpoint of one layer, and this multiplies each unit vector, which
 * gives the weights themselves, {@code [in, out]}.
 */
@AutoService(OpCase.class)
public final class PackedCases implements OpCase {
    private static final String CONFIG = "quantization_config";

    @Override
    public Set<String> ops() {
        return Set.of("gptq_v1_int2", "gptq_v1_int3", "gptq_v1_int4", "gptq_v1_int8", "awq_gemm_int4");
    }

    @Override
    public Graph build(GoldenCase golden) {
        Tensor weight = weight(golden);
        GraphBuilder b = new GraphBuilder(golden.op());
        Value units = b.constant("units", identity(weight.shape().dim(1)));
        b.result("out", b.apply(new Linear(false), units, b.weight("weight", weight)));
        return b.build();
    }

    private static Tensor weight(GoldenCase golden) {
        try {
            MemorySegment file = MemorySegment.ofArray(Files.readAllBytes(golden.file()));
            SafetensorsModel model = SafetensorsModel.of(golden.file(), file);
            return PackedTensors.of(golden.file(), model, config(golden)).tensor("weight");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a configuration of such a checkpoint says. */
    private static Config config(GoldenCase golden) {
        Config attrs = golden.attrs();
        Map<String, Object> values = new HashMap<>();
        values.put(CONFIG, true);
        values.put(CONFIG + ".quant_method", golden.op().startsWith("awq") ? "awq" : "gptq");
        values.put(CONFIG + ".bits", attrs.integer("bits"));
        values.put(CONFIG + ".group_size", attrs.integer("group_size"));
        if (!attrs.flag("zero_plus_one", true)) {
            values.put(CONFIG + ".checkpoint_format", "gptq_v2");
        }
        return Config.of(golden.file(), values);
    }

    private static Tensor identity(long n) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(n, n));
        for (long i = 0; i < n; i++) {
            t.setDouble(i * n + i, 1);
        }
        return t;
    }
}
