package org.attention4j.cli.inspect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.model.LayerInfo;

/**
 * What {@code inspect} tells of the launches of kernels for one token, or for a text of an encoder.
 *
 * @param total all of them
 * @param mostOfALayer the most of a layer
 * @param layers those of each layer; what several layers share counts for the first
 * @param kernels those of each kernel, by its name
 */
public record LaunchSummary(int total, int mostOfALayer, List<Integer> layers, Map<String, Integer> kernels) {

    /** Counts a plan's launches; empty if it has none. */
    static Optional<LaunchSummary> of(Plan plan, List<LayerInfo> infos) {
        List<Plan.Launch> launches = plan.launches();
        if (launches.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> layers = infos.stream()
                .map(layer -> count(
                        launches.stream().filter(l -> l.isOf(layer.name())).toList()))
                .toList();
        Map<String, Integer> kernels = new TreeMap<>();
        launches.forEach(l -> kernels.merge(l.kernel(), l.times(), Integer::sum));
        int most = layers.stream().mapToInt(n -> n).max().orElse(0);
        return Optional.of(new LaunchSummary(count(launches), most, layers, kernels));
    }

    private static int count(List<Plan.Launch> launches) {
        return launches.stream().mapToInt(Plan.Launch::times).sum();
    }
}
