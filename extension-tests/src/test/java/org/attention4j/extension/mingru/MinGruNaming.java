package org.attention4j.extension.mingru;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.attention4j.loaders.gguf.GgufNaming;

/** What GGUF files call the parts that other architectures don't have. */
@AutoService(GgufNaming.class)
public final class MinGruNaming implements GgufNaming {
    @Override
    public Set<String> architectures() {
        return Set.of("mingru");
    }

    @Override
    public Map<String, String> hyperparameters() {
        return Map.of("state_size", "gru.state_size");
    }

    @Override
    public Map<String, String> tensors() {
        return Map.of(
                "model.layers.{layer}.mixer.gate", "blk.{layer}.gru_gate",
                "model.layers.{layer}.mixer.candidate", "blk.{layer}.gru_candidate",
                "model.layers.{layer}.mixer.out", "blk.{layer}.gru_out");
    }
}
