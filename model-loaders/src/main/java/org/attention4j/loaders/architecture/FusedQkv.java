package org.attention4j.loaders.architecture;

import java.util.List;
import java.util.stream.LongStream;
import org.attention4j.core.mixer.attention.AttentionSpec;

/** Queries, keys and values that a file keeps in one matrix, as the three that attention reads. */
final class FusedQkv {
    private FusedQkv() {}

    /** Splits {@code fused}, whose rows are all queries, then all keys, then all values, into the projections of a mixer. */
    static void split(CheckpointWeights weights, String fused, String mixer, AttentionSpec spec) {
        long q = (long) spec.numHeads() * spec.headDim();
        long k = (long) spec.numKvHeads() * spec.headDim();
        for (String kind : List.of("weight", "bias")) {
            String[] parts = {mixer + ".q_proj." + kind, mixer + ".k_proj." + kind, mixer + ".v_proj." + kind};
            weights.split(fused + "." + kind, parts, q, k, (long) spec.numKvHeads() * spec.valueDim());
        }
    }

    /**
     * The same for rows that stand in a group for each key/value head: its queries, its key, its value. Megatron wrote so, for
     * the sake of devices that have a part of the heads each.
     *
     * @param stored the file's own tensors
     */
    static void splitGroups(
            CheckpointWeights weights, CheckpointWeights stored, String fused, String mixer, AttentionSpec spec) {
        if (spec.numKvHeads() > 1) {
            for (String name : List.of(fused + ".weight", fused + ".bias")) {
                if (stored.has(name)) {
                    weights.derive(name, () -> TensorViews.pickRows(stored.get(name), ungroup(spec)));
                }
            }
        }
        split(weights, fused, mixer, spec);
    }

    /** Rows of queries, then keys, then values, out of groups of {@code groupSize} queries, a key and a value head. */
    private static long[] ungroup(AttentionSpec spec) {
        int g = spec.groupSize();
        LongStream queries = LongStream.range(0, spec.numHeads()).map(h -> h / g * (g + 2) + h % g);
        LongStream keys = LongStream.range(0, spec.numKvHeads()).map(h -> h * (g + 2) + g);
        LongStream values = LongStream.range(0, spec.numKvHeads()).map(h -> h * (g + 2) + g + 1);
        return LongStream.concat(LongStream.concat(queries, keys), values)
                .flatMap(head -> LongStream.range(head * spec.headDim(), (head + 1) * spec.headDim()))
                .toArray();
    }
}
