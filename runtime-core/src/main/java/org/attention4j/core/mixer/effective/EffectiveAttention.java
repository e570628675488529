package org.attention4j.core.mixer.effective;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.external.ExternalModel;
import org.attention4j.core.ir.Value;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.reference.ReferenceBackend;
import org.attention4j.core.tensor.Tensor;

/**
 * The effective attention of a model's layers in one run: see the package's text.
 *
 * @param maps a map for each op that mixes tokens, first to last
 * @param skipped layers of those wanted that have no map, each with the reason in a line
 */
public record EffectiveAttention(List<AttentionMap> maps, List<Skipped> skipped) {
    /** The most tokens that are mapped. */
    public static final int MAX_TOKENS = 512;

    /** The most weights of one call, of all its maps together. */
    public static final long MAX_WEIGHTS = 1 << 25;

    /** The result of graphs of one op. */
    static final String RESULT = "y";

    /** A layer without a map. */
    public record Skipped(int layer, String reason) {}

    public EffectiveAttention {
        maps = ImmutableList.copyOf(maps);
        skipped = ImmutableList.copyOf(skipped);
    }

    /**
     * Runs tokens through a model, from the beginning of a sequence, and maps what they take from each other.
     *
     * @param backend runs the model; the maps are made of what its ops were given there
     * @throws IllegalArgumentException if there are no tokens, too many, or more weights than {@link #MAX_WEIGHTS}, or a layer or
     *     head is wanted that the model has not
     * @throws org.attention4j.core.backend.BackendException if the backend can't run the model
     */
    public static EffectiveAttention of(
            ModelDefinition definition, Backend backend, MapSelection selection, int... tokens) {
        requireTokens(tokens.length);
        List<LayerInfo> layers = definition.layers();
        requireLayers(selection, layers.size());
        if (definition instanceof ExternalModel) {
            throw new IllegalArgumentException(
                    "%s: an ONNX file that is run as it is has no layers to look into, expected a GGUF file or a directory in"
                                    .formatted(definition.info().name())
                            + " the Hugging Face layout");
        }
        MixingOps ops = new MixingOps(definition.graph(GraphOptions.single(backend.storage())));
        List<MixingOps.Found> found = ops.find(layers, selection);
        requireHeads(selection, found);
        requireWeights(selection, found, tokens.length);
        Set<Value> wanted = new HashSet<>();
        found.forEach(f -> wanted.addAll(ops.wanted(f)));
        Map<Value, Tensor> recorded = RecordedRun.of(definition.kind(), ops.graph(), wanted, backend, tokens);

        List<AttentionMap> maps = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>(without(layers, selection, found));
        try (Backend reference = Backends.create(ReferenceBackend.NAME, BackendOptions.DEFAULT)) {
            for (MixingOps.Found f : found) {
                if (Mapping.heads(f, selection).findAny().isEmpty()) {
                    skipped.add(new Skipped(
                            f.layer(),
                            "layer %d: none of the heads that were asked for, it has %d"
                                    .formatted(f.layer(), Mapping.numHeads(f))));
                    continue;
                }
                try (MixingProbe probe = new MixingProbe(ops, f, recorded, reference)) {
                    LayerInfo layer = layers.get(f.layer());
                    Mapping mapping = new Mapping(f, probe, recorded, selection);
                    mapping.map(layer).ifPresentOrElse(maps::add, () -> skipped.add(mapping.notLinear()));
                }
            }
        }
        return new EffectiveAttention(maps, skipped);
    }

    private static List<Skipped> without(List<LayerInfo> layers, MapSelection selection, List<MixingOps.Found> found) {
        List<Skipped> skipped = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            int layer = i;
            if (selection.hasLayer(i) && found.stream().noneMatch(f -> f.layer() == layer)) {
                skipped.add(new Skipped(
                        i,
                        "layer %d (%s): no op of it says where its values are"
                                .formatted(i, layers.get(i).mixer())));
            }
        }
        return skipped;
    }

    private static void requireTokens(int tokens) {
        if (tokens < 1 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException("attention maps: got %d tokens, expected 1 to %d: take a shorter prompt"
                    .formatted(tokens, MAX_TOKENS));
        }
    }

    private static void requireLayers(MapSelection selection, int layers) {
        selection
                .layers()
                .ifPresent(wanted -> wanted.forEach(layer -> {
                    if (layer < 0 || layer >= layers) {
                        throw new IllegalArgumentException(
                                "layers: got %d, expected 0 to %d".formatted(layer, layers - 1));
                    }
                }));
    }

    private static void requireHeads(MapSelection selection, List<MixingOps.Found> found) {
        int most = found.stream().mapToInt(Mapping::numHeads).max().orElse(0);
        selection
                .heads()
                .ifPresent(wanted -> wanted.forEach(head -> {
                    if (head < 0 || (head >= most && !found.isEmpty())) {
                        throw new IllegalArgumentException("heads: got %d, expected 0 to %d".formatted(head, most - 1));
                    }
                }));
    }

    private static void requireWeights(MapSelection selection, List<MixingOps.Found> found, int tokens) {
        long heads =
                found.stream().flatMapToInt(f -> Mapping.heads(f, selection)).count();
        long weights = heads * tokens * tokens;
        if (weights > MAX_WEIGHTS) {
            throw new IllegalArgumentException(
                    "attention maps: %d heads of %d tokens have %d weights, expected at most %d: choose layers or heads, or"
                                    .formatted(heads, tokens, weights, MAX_WEIGHTS)
                            + " take a shorter prompt");
        }
    }
}
