package org.attention4j.cli.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;

/**
 * One measurement: the rate at which a prompt goes through a model, or tokens are generated, after {@code depth} tokens.
 *
 * @param prompt tokens given at once; 0 if tokens are generated
 * @param generate tokens given one by one; 0 if a prompt is read
 * @param depth tokens that the session has seen before
 * @param repetitions how often it is measured, after a first time that does not count
 */
public record Benchmark(int prompt, int generate, int depth, int repetitions) {
    /** Tokens per second. */
    public record Rates(int prompt, int generate, int depth, double median, double min, double max) {}

    /** How many times the rate of another model one has, measured in turns: the ratios of each two measurements. */
    public record Ratio(double median, double min, double max) {}

    /** The rates of a model and of another, and their ratio. */
    public record Comparison(Rates rates, Rates against, Ratio ratio) {}

    /** The tokens that a session needs room for. */
    public int contextLength() {
        return depth + prompt + generate;
    }

    /** Measures. The tokens are random, always the same; their choice takes no time. */
    public Rates run(CompiledModel model) {
        double[] rates = new double[repetitions];
        try (Meter meter = new Meter(model)) {
            meter.measure();
            for (int i = 0; i < repetitions; i++) {
                rates[i] = meter.measure();
            }
        }
        return rates(rates);
    }

    /** Measures two models in turns, so that what else the machine does slows down both alike. */
    public Comparison run(CompiledModel model, CompiledModel against) {
        double[] rates = new double[repetitions];
        double[] others = new double[repetitions];
        double[] ratios = new double[repetitions];
        try (Meter meter = new Meter(model);
                Meter other = new Meter(against)) {
            meter.measure();
            other.measure();
            for (int i = 0; i < repetitions; i++) {
                rates[i] = meter.measure();
                others[i] = other.measure();
                ratios[i] = rates[i] / others[i];
            }
        }
        Arrays.sort(ratios);
        return new Comparison(
                rates(rates), rates(others), new Ratio(median(ratios), ratios[0], ratios[repetitions - 1]));
    }

    private Rates rates(double[] measured) {
        Arrays.sort(measured);
        return new Rates(prompt, generate, depth, median(measured), measured[0], measured[repetitions - 1]);
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private int[] randomTokens(int vocabSize) {
        SplittableRandom random = new SplittableRandom(0);
        return random.ints(contextLength(), 0, vocabSize).toArray();
    }

    /**
     * A session at the same depth before each measurement: taken back to it, or, where past tokens can't be told apart, forked
     * from one that stays there.
     */
    private final class Meter implements AutoCloseable {
        private final CompiledModel model;
        private final int[] before;
        private final int[] measured;
        private final Optional<Session> atDepth;
        private Session session;

        Meter(CompiledModel model) {
            int[] tokens = randomTokens(model.definition().info().vocabSize());
            this.model = model;
            this.before = Arrays.copyOf(tokens, depth);
            this.measured = Arrays.copyOfRange(tokens, depth, tokens.length);
            this.atDepth = depth > 0 && isRecurrent(model) ? Optional.of(newSession()) : Optional.empty();
            this.session = sessionAtDepth();
        }

        double measure() {
            if (!session.truncate(depth)) {
                session.close();
                session = sessionAtDepth();
            }
            long start = System.nanoTime();
            if (prompt > 0) {
                session.prefill(measured);
            } else {
                for (int token : measured) {
                    session.decode(token);
                }
            }
            return measured.length * 1e9 / Math.max(1, System.nanoTime() - start);
        }

        private Session sessionAtDepth() {
            return atDepth.map(Session::fork).orElseGet(this::newSession);
        }

        private Session newSession() {
            Session s = model.newSession(contextLength());
            if (depth > 0) {
                s.prefill(before);
            }
            return s;
        }

        @Override
        public void close() {
            session.close();
            atDepth.ifPresent(Session::close);
        }
    }

    /** Whether some layer has a state that can't be taken back. */
    private static boolean isRecurrent(CompiledModel model) {
        return model.definition().layers().stream()
                .flatMap(l -> l.state().slots(model.storage()).stream())
                .anyMatch(slot -> slot.tokens().isEmpty());
    }
}
