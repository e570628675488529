package org.attention4j.cli.verify;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.rope.RopeTable;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.RopeParameters;

/** Rotary embeddings: tables of every scaling rule, and their application. */
@AutoService(OpCase.class)
public final class RopeCases implements OpCase {
    private static final ImmutableSet<String> TABLES = ImmutableSet.of(
            "rope_table_default",
            "rope_table_linear",
            "rope_table_dynamic",
            "rope_table_yarn",
            "rope_table_yarn_gptoss",
            "rope_table_yarn_deepseek",
            "rope_table_llama3",
            "rope_table_longrope");
    private static final ImmutableSet<String> APPLICATIONS =
            ImmutableSet.of("rope_apply_half", "rope_apply_interleaved");

    @Override
    public Set<String> ops() {
        return ImmutableSet.<String>builder()
                .addAll(TABLES)
                .addAll(APPLICATIONS)
                .build();
    }

    @Override
    public Graph build(GoldenCase golden) {
        return TABLES.contains(golden.op()) ? table(golden) : application(golden);
    }

    /** The recorded tables hold every column twice and have no batch dimension. */
    private static Graph table(GoldenCase golden) {
        Config attrs = golden.attrs();
        int dim = attrs.size("head_dim");
        RopeTable op = new RopeTable(attrs.number("rope_theta"), dim, RopeParameters.scaling(attrs, attrs));
        GraphBuilder b = new GraphBuilder(golden.op());
        Value positions = b.input("position_ids", golden.input("position_ids"));
        List<Value> table = b.call(op, List.of(positions));
        b.result("cos", twice(b, table.get(0), dim));
        b.result("sin", twice(b, table.get(1), dim));
        b.result("inv_freq", b.constant("inv_freq", tensor(frequencies(op, attrs.size("seq_len_seen")))));
        b.result(
                "attention_scaling",
                b.constant("attention_scaling", tensor(op.scaling().attentionFactor())));
        return b.build();
    }

    private static double[] frequencies(RopeTable op, long length) {
        return switch (op.scaling()) {
            case RopeScaling.Fixed fixed -> fixed.inverseFrequencies(op.theta(), op.rotaryDim());
            case RopeScaling.ByLength rule -> rule.inverseFrequencies(op.theta(), op.rotaryDim(), length);
        };
    }

    private static Value twice(GraphBuilder b, Value table, int dim) {
        return b.reshape(b.concat(-1, table, table), table.type().dim(1), Dim.of(dim));
    }

    private static Tensor tensor(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.f32(Shape.of(values.length), floats);
    }

    private static Graph application(GoldenCase golden) {
        Config attrs = golden.attrs();
        RopeStyle style = RopeStyle.valueOf(attrs.text("style").toUpperCase(Locale.ROOT));
        RopeConfig config =
                new RopeConfig(attrs.number("theta"), attrs.size("rotary_dim"), style, new RopeScaling.Default());
        GraphBuilder b = new GraphBuilder(golden.op());
        List<Value> table = b.call(config.table(), List.of(b.input("position_ids", golden.input("position_ids"))));
        for (String name : List.of("q", "k")) {
            Value x = b.input(name, golden.input(name));
            b.result(name + "_rot", b.apply(config.rope(), x, table.get(0), table.get(1)));
        }
        return b.build();
    }
}
