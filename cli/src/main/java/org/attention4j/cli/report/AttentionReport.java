package org.attention4j.cli.report;

import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.mixer.effective.AttentionMap;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.WeightMatrix;

/** Attention maps in a few numbers each: the JSON result of {@code attention}. */
public record AttentionReport(
        String model,
        String backend,
        List<Integer> tokens,
        List<MapEntry> maps,
        List<EffectiveAttention.Skipped> skipped) {
    /**
     * A map.
     *
     * @param averages whether weights are shares
     * @param channels of how many channels' magnitudes the weights are the mean; 1 where a head has weights of its own
     */
    public record MapEntry(
            int layer, String label, String mixer, boolean averages, int channels, List<HeadEntry> heads) {}

    /**
     * A head.
     *
     * @param largest the largest magnitude of its weights
     * @param density the part of all pairs of tokens that have a weight
     * @param reach how many tokens back 90 % of the last token's weight lies
     * @param rest what tokens give to none of the others, on average: to a sink logit; 0 where weights are no shares
     */
    public record HeadEntry(int head, float largest, double density, int reach, double rest) {}

    /**
     * Of these maps.
     *
     * @param part see {@link WeightMatrix#reach}
     */
    public static AttentionReport of(
            String model, String backend, int[] tokens, EffectiveAttention attention, double part) {
        return new AttentionReport(
                model,
                backend,
                IntStream.of(tokens).boxed().toList(),
                attention.maps().stream().map(m -> entry(m, part)).toList(),
                attention.skipped());
    }

    private static MapEntry entry(AttentionMap map, double part) {
        List<HeadEntry> heads = map.heads().entrySet().stream()
                .map(e -> entry(map, e.getKey(), e.getValue(), part))
                .toList();
        return new MapEntry(map.layer(), map.label(), map.mixer(), map.values().averages(), map.channels(), heads);
    }

    private static HeadEntry entry(AttentionMap map, int head, WeightMatrix weights, double part) {
        double rest = map.values().averages()
                ? IntStream.range(0, weights.rows())
                        .mapToDouble(row -> 1 - weights.rowSum(row))
                        .average()
                        .orElse(0)
                : 0;
        return new HeadEntry(head, weights.largest(), weights.density(), weights.reach(part), Math.max(0, rest));
    }
}
