package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A mixer with random parameters and some tokens, and what its parts give by the formulas, in double precision. */
final class PlainLayer {
    static final int TOKENS = 9;
    static final int HIDDEN = 12;
    static final int HEADS = 3;
    static final int KEY = 4;
    static final int VALUE = 5;
    static final double EPS = 1e-5;

    /** Results are rounded to float32, and so are the parameters that both take. */
    private static final double TOLERANCE = 2e-6;

    private final SequenceMixer mixer;
    private final Map<String, Tensor> parameters = new HashMap<>();
    private final double[][] x;
    private final Tensor input = RandomTensors.normal(1, 1, Shape.of(1, TOKENS, HIDDEN));

    PlainLayer(SequenceMixer mixer) {
        this.mixer = mixer;
        mixer.parameters().forEach(p -> parameters.put(p.name(), MixerRun.parameter(p)));
        this.x = rows(input, HIDDEN);
    }

    private static double[][] rows(Tensor t, int columns) {
        float[] all = t.toFloatArray();
        double[][] rows = new double[all.length / columns][columns];
        for (int i = 0; i < all.length; i++) {
            rows[i / columns][i % columns] = all[i];
        }
        return rows;
    }

    private Tensor get(String name) {
        Tensor t = parameters.get(name);
        if (t == null) {
            throw new AssertionError("no parameter %s; there are %s".formatted(name, parameters.keySet()));
        }
        return t;
    }

    double at(String name, int i) {
        return get(name).getDouble(i);
    }

    double[][] matrix(String name) {
        return rows(get(name), (int) get(name).shape().dim(-1));
    }

    double[][] project(String name) {
        return times(x, matrix(name + ".weight"));
    }

    /** Sun et al. 2023, eq. 5: rotations by angles of the tokens' positions leave those of their distance. */
    double[][] retention() {
        double[][] q = project("q_proj");
        double[][] k = project("k_proj");
        double[][] v = project("v_proj");
        double[][] y = new double[TOKENS][HEADS * VALUE];
        for (int t = 0; t < TOKENS; t++) {
            for (int s = 0; s <= t; s++) {
                for (int h = 0; h < HEADS; h++) {
                    double weight = 0;
                    for (int pair = 0; pair < KEY / 2; pair++) {
                        int d = h * KEY + 2 * pair;
                        double angle = (t - s) * Math.pow(10_000, -pair / (KEY / 2 - 1.0));
                        double same = q[t][d] * k[s][d] + q[t][d + 1] * k[s][d + 1];
                        double crossed = q[t][d + 1] * k[s][d] - q[t][d] * k[s][d + 1];
                        weight += same * Math.cos(angle) - crossed * Math.sin(angle);
                    }
                    weight *= Math.pow(1 - Math.pow(2, -5 - h), t - s) / Math.sqrt(KEY);
                    for (int j = h * VALUE; j < (h + 1) * VALUE; j++) {
                        y[t][j] += weight * v[s][j];
                    }
                }
            }
        }
        return y;
    }

    /** {@code Σ_{0<j≤layer} softmax_j(Γ)}. */
    double lowerBound(int layer, int key) {
        double[][] logits = matrix("lower_bounds");
        double sum =
                Arrays.stream(logits).mapToDouble(row -> Math.exp(row[key])).sum();
        double upTo = 0;
        for (int j = 1; j <= layer; j++) {
            upTo += Math.exp(logits[j][key]);
        }
        return upTo / sum;
    }

    /** {@code silu(Σ_j w_j p_{t−K+1+j})}. */
    double[][] convolved(String name, int kernel) {
        double[][] projected = project(name + "_proj");
        double[][] w = matrix(name + "_conv1d.weight");
        double[][] y = new double[TOKENS][projected[0].length];
        for (int t = 0; t < TOKENS; t++) {
            for (int i = 0; i < y[t].length; i++) {
                for (int j = Math.max(0, kernel - 1 - t); j < kernel; j++) {
                    y[t][i] += w[i][j] * projected[t - kernel + 1 + j][i];
                }
            }
        }
        return map(y, PlainLayer::silu);
    }

    /** {@code (e^{w·x̂ − ‖x̂‖²/2 − c} + 1e-6) / √m} with x̂ = x / d^¼; c is the largest w·x̂, of queries. */
    double[][] randomFeatures(double[][] heads, int features, boolean stabilised) {
        double[][] y = new double[TOKENS][HEADS * features];
        for (int t = 0; t < TOKENS; t++) {
            for (int h = 0; h < HEADS; h++) {
                double[] part = Arrays.stream(heads[t], h * KEY, (h + 1) * KEY)
                        .map(v -> v / Math.pow(KEY, 0.25))
                        .toArray();
                double half = Arrays.stream(part).map(v -> v * v).sum() / 2;
                double[] products = times(new double[][] {part}, matrix("projection"))[0];
                double most = stabilised ? Arrays.stream(products).max().orElseThrow() : 0;
                for (int f = 0; f < features; f++) {
                    y[t][h * features + f] = (Math.exp(products[f] - half - most) + 1e-6) / Math.sqrt(features);
                }
            }
        }
        return y;
    }

    double[][] normedHeads(double[][] y) {
        return each((t, i) -> {
            int from = i / VALUE * VALUE;
            return y[t][i] / rms(y[t], from, from + VALUE) * at("norm.weight", i % VALUE);
        });
    }

    double[][] gatedHeads(double[][] y) {
        double[][] normed = normedHeads(y);
        double[][] gate = map(project("g_proj"), PlainLayer::silu);
        return each((t, i) -> normed[t][i] * gate[t][i]);
    }

    /** Checks the mixer, in each form, against what its output projection gets. */
    void assertIs(double[][] beforeOutput) {
        double[][] expected = times(beforeOutput, matrix("o_proj.weight"));
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            mixer.forms().forEach(form -> {
                try (MixerRun run = new MixerRun(mixer, form, HIDDEN, backend)) {
                    Tensor y = run.step(run.emptyState(1), 0, input).y();
                    for (int i = 0; i < TOKENS * HIDDEN; i++) {
                        double e = expected[i / HIDDEN][i % HIDDEN];
                        assertEquals(e, y.getDouble(i), TOLERANCE * (1 + Math.abs(e)), form + ", element " + i);
                    }
                }
            });
        }
    }

    static double rms(double[] row, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += row[i] * row[i];
        }
        return Math.sqrt(squares / (to - from) + EPS);
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double silu(double x) {
        return x * sigmoid(x);
    }

    static double[][] map(double[][] x, DoubleUnaryOperator f) {
        return Arrays.stream(x).map(row -> Arrays.stream(row).map(f).toArray()).toArray(double[][]::new);
    }

    /** x · Wᵀ. */
    static double[][] times(double[][] x, double[][] w) {
        double[][] y = new double[x.length][w.length];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < w.length; o++) {
                for (int i = 0; i < x[t].length; i++) {
                    y[t][o] += x[t][i] * w[o][i];
                }
            }
        }
        return y;
    }

    /** An entry of a head's results. */
    interface Entry {
        double at(int token, int i);
    }

    static double[][] each(Entry entry) {
        double[][] y = new double[TOKENS][HEADS * VALUE];
        for (int t = 0; t < TOKENS; t++) {
            for (int i = 0; i < HEADS * VALUE; i++) {
                y[t][i] = entry.at(t, i);
            }
        }
        return y;
    }
}
