package org.attention4j.loaders.hf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/**
 * The authors' own files of RWKV, which come without a {@code config.json}: the version shows in the names of the tensors, the
 * sizes in their shapes.
 */
final class RwkvFiles {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\..*");

    private RwkvFiles() {}

    /** What a configuration would say, if the tensors are those of such a file. */
    static Optional<HfConfig> config(Path file, SafetensorsModel model) {
        if (find(model, "emb.weight").isEmpty()
                || find(model, "blocks.0.att.key.weight").isEmpty()) {
            return Optional.empty();
        }
        long hidden = find(model, "emb.weight").orElseThrow().dim(-1);
        String version = version(model);
        String headSize =
                heads(model).map(s -> ", \"head_size\": " + hidden / s.dim(0)).orElse("");
        String json = "{\"model_type\": \"%s\", \"hidden_size\": %d, \"num_hidden_layers\": %d%s}"
                .formatted(version, hidden, layers(model), headSize);
        return Optional.of(HfConfig.of(file, MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8))));
    }

    private static String version(SafetensorsModel model) {
        if (find(model, "blocks.0.att.r_k").isPresent()) {
            return "rwkv7";
        }
        if (find(model, "blocks.0.att.time_maa_x").isPresent()) {
            return "rwkv6";
        }
        return find(model, "blocks.0.att.time_faaaa").isPresent() ? "rwkv5" : "rwkv";
    }

    /** A tensor whose first dimension is the number of heads. */
    private static Optional<Shape> heads(SafetensorsModel model) {
        return find(model, "blocks.0.att.r_k").or(() -> find(model, "blocks.0.att.time_faaaa"));
    }

    private static int layers(SafetensorsModel model) {
        int layers = 0;
        for (TensorInfo tensor : model.tensors()) {
            Matcher block = BLOCK.matcher(tensor.name());
            if (block.matches() && block.group(1).length() < 6) {
                layers = Math.max(layers, Integer.parseInt(block.group(1)) + 1);
            }
        }
        return layers;
    }

    private static Optional<Shape> find(SafetensorsModel model, String name) {
        return model.tensors().stream()
                .filter(t -> t.name().equals(name))
                .map(TensorInfo::shape)
                .filter(s -> s.rank() > 0)
                .findFirst();
    }
}
