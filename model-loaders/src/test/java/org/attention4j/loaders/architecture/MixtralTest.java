package org.attention4j.loaders.architecture;

import static org.attention4j.loaders.architecture.ExpertModels.EXPERTS;
import static org.attention4j.loaders.architecture.ExpertModels.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtralTest {
    private static final Map<String, String> NAMES = Map.of("gate", "w1", "up", "w3", "down", "w2");

    @TempDir
    private Path directory;

    private static TwinModel withoutExpertsInGguf() {
        TwinModel model =
                ExpertModels.model("mixtral", "llama", 1, "\"num_local_experts\":4,\"num_experts_per_tok\":2");
        ExpertModels.attention(model, 0, true);
        model.weight(
                layer(0) + "block_sparse_moe.gate.weight", "blk.0.ffn_gate_inp.weight", EXPERTS, ExpertModels.HIDDEN);
        NAMES.forEach((part, w) -> {
            for (int e = 0; e < EXPERTS; e++) {
                model.inConfig(
                        layer(0) + "block_sparse_moe.experts." + e + "." + w + ".weight",
                        ExpertModels.expert(0, part, e));
            }
        });
        return model;
    }

    @Test
    void expertsAreStackedInGguf() throws IOException {
        TwinModel model = withoutExpertsInGguf();
        ExpertModels.stacked(model, 0);
        model.assertSameLogits(directory);
    }

    @Test
    void theOldestGgufFilesHaveATensorForEachExpert() throws IOException {
        TwinModel model = withoutExpertsInGguf();
        for (String part : ExpertModels.PARTS) {
            for (int e = 0; e < EXPERTS; e++) {
                model.inGguf("blk.0.ffn_" + part + "." + e + ".weight", ExpertModels.expert(0, part, e));
            }
        }
        model.assertSameLogits(directory);
    }
}
