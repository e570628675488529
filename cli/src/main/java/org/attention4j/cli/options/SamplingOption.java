package org.attention4j.cli.options;

import java.util.Optional;
import org.attention4j.core.generate.SamplingOptions;
import picocli.CommandLine.Option;

/** How tokens are chosen. */
public final class SamplingOption {
    private static final SamplingOptions DEFAULT = SamplingOptions.GREEDY;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0 takes the most probable token; 1 draws as the model predicts. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K most probable tokens. Default: all.")
    private Optional<Integer> topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the fewest tokens whose probabilities add up to P. Default: all.")
    private Optional<Double> topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Draw from tokens at least P times as probable as the most probable one. Default: all.")
    private Optional<Double> minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            defaultValue = "1",
            description = "Makes the last 64 tokens less probable. Default: ${DEFAULT-VALUE}, no penalty.")
    private double repeatPenalty;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Equal seeds draw equal tokens. Default: another each time.")
    private Optional<Long> seed;

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public SamplingOptions options() {
        SamplingOptions options = DEFAULT.withTemperature(temperature)
                .withTopK(topK.orElse(DEFAULT.topK()))
                .withTopP(topP.orElse(DEFAULT.topP()))
                .withMinP(minP.orElse(DEFAULT.minP()))
                .withRepetitionPenalty(repeatPenalty, DEFAULT.repetitionWindow());
        return seed.map(options::withSeed).orElse(options);
    }
}
