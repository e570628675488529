package org.attention4j.loaders.architecture;

import static org.attention4j.loaders.architecture.ExpertModels.EXPERTS;
import static org.attention4j.loaders.architecture.ExpertModels.EXPERT_HIDDEN;
import static org.attention4j.loaders.architecture.ExpertModels.HIDDEN;
import static org.attention4j.loaders.architecture.ExpertModels.layer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QwenExpertsTest {
    private static final String CHOICE = "\"num_experts\":4,\"num_experts_per_tok\":2";

    @TempDir
    private Path directory;

    private static TwinModel qwen2(int layers, String config) {
        TwinModel model = ExpertModels.model("qwen2_moe", "qwen2moe", layers, config);
        for (int i = 0; i < layers; i++) {
            ExpertModels.attention(model, i, false);
        }
        return model;
    }

    private static void router(TwinModel model, int i) {
        model.weight(layer(i) + "mlp.gate.weight", "blk." + i + ".ffn_gate_inp.weight", EXPERTS, HIDDEN);
    }

    private static void shared(TwinModel model, int i) {
        String shared = layer(i) + "mlp.shared_expert";
        String blk = "blk." + i + ".ffn_";
        model.weight(shared + ".gate_proj.weight", blk + "gate_shexp.weight", EXPERT_HIDDEN, HIDDEN)
                .weight(shared + ".up_proj.weight", blk + "up_shexp.weight", EXPERT_HIDDEN, HIDDEN)
                .weight(shared + ".down_proj.weight", blk + "down_shexp.weight", HIDDEN, EXPERT_HIDDEN)
                .weight(shared + "_gate.weight", blk + "gate_inp_shexp.weight", 1, HIDDEN);
    }

    @Test
    void gateAndUpMayBeStoredTogether() throws IOException {
        TwinModel model = qwen2(1, CHOICE);
        router(model, 0);
        shared(model, 0);
        ExpertModels.stacked(model, 0);
        Tensor gateUp =
                Tensor.zeros(ExpertModels.expert(0, "up", 0).dtype(), Shape.of(EXPERTS, 2 * EXPERT_HIDDEN, HIDDEN));
        for (int e = 0; e < EXPERTS; e++) {
            Tensor own = gateUp.entry(e);
            own.rows(0, EXPERT_HIDDEN).copyFrom(ExpertModels.expert(0, "gate", e));
            own.rows(EXPERT_HIDDEN, EXPERT_HIDDEN).copyFrom(ExpertModels.expert(0, "up", e));
        }
        model.inConfig(layer(0) + "mlp.experts.gate_up_proj", gateUp)
                .inConfig(layer(0) + "mlp.experts.down_proj", ExpertModels.stack(0, "down"))
                .assertSameLogits(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'\"decoder_sparse_step\":2' | 1 3", "'\"mlp_only_layers\":[0,3]' | 1 2"})
    void someLayersHaveAnMlpInstead(String config, String sparse) throws IOException {
        TwinModel model = qwen2(4, CHOICE + "," + config);
        for (int i = 0; i < 4; i++) {
            if (sparse.contains(String.valueOf(i))) {
                router(model, i);
                shared(model, i);
                ExpertModels.oneByOne(model, i);
            } else {
                for (String part : ExpertModels.PARTS) {
                    model.inConfig(layer(i) + "mlp." + part + "_proj.weight", ExpertModels.expert(i, part, 0));
                }
            }
        }
        Graph graph = graph(model.writeTransformers(directory, UnaryOperator.identity()));
        List<String> mixtures = graph.ops().stream()
                .filter(op -> op.name().equals("moe"))
                .map(Op::label)
                .map(label -> label.replaceAll("\\D", ""))
                .toList();
        assertEquals(List.of(sparse.split(" ")), mixtures);
    }

    private static Graph graph(Path model) {
        try (Checkpoint checkpoint = ModelFormats.open(model)) {
            return Architectures.define(checkpoint).graph(GraphOptions.single(Storage.EXACT));
        }
    }

    private String refusal(TwinModel model) throws IOException {
        Path path = model.writeTransformers(directory, UnaryOperator.identity());
        String message = String.valueOf(
                assertThrows(RuntimeException.class, () -> graph(path)).getMessage());
        return message.replace(path.toString(), "FILE");
    }

    @Test
    void refusesToChooseMoreExpertsThanThereAre() throws IOException {
        TwinModel model = qwen2(1, "\"num_experts\":4,\"num_experts_per_tok\":5");
        assertEquals(
                "FILE/config.json: 'num_experts_per_tok' is 5, expected at most the number of experts, 4",
                refusal(model));
    }

    @Test
    void namesTheExpertThatIsMissing() throws IOException {
        TwinModel model = qwen2(1, "\"num_experts\":2000000000,\"num_experts_per_tok\":2");
        router(model, 0);
        shared(model, 0);
        ExpertModels.oneByOne(model, 0);
        assertEquals(
                "FILE/model.safetensors: no tensor 'model.layers.0.mlp.experts.4.gate_proj.weight' among its 26"
                        + " tensors",
                refusal(model));
    }

    @Test
    void namesTheExpertThatIsUnlikeTheOthers() throws IOException {
        TwinModel model = qwen2(1, CHOICE);
        router(model, 0);
        shared(model, 0);
        ExpertModels.oneByOne(model, 0);
        model.inConfig(
                layer(0) + "mlp.experts.2.up_proj.weight", RandomTensors.normal(1, 1, Shape.of(EXPERT_HIDDEN, 8)));
        assertEquals(
                "tensor model.layers.0.mlp.experts.up_proj.weight: part 2 is F32[12, 8], expected F32[12, 16] as part"
                        + " 0",
                refusal(model));
    }

    @Test
    void refusesARouterOfAnotherSize() throws IOException {
        TwinModel model = qwen2(1, "\"num_experts\":3,\"num_experts_per_tok\":2");
        router(model, 0);
        shared(model, 0);
        ExpertModels.oneByOne(model, 0);
        assertEquals("model.layers.0/moe: input gate is F32[3, 12, 16], expected a stack of 4 experts", refusal(model));
    }
}
