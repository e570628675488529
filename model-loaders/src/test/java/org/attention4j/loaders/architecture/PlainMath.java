package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/** What models compute, once more, in loops over doubles: one row for each token. */
final class PlainMath {
    private PlainMath() {}

    /** What is added to the score of a query and a key: −∞ where the key is not visible. */
    @FunctionalInterface
    interface Bias {
        double of(int head, int query, int key);
    }

    static double[][] linear(double[][] x, double[][] w) {
        double[][] y = new double[x.length][w.length];
        for (int r = 0; r < x.length; r++) {
            assertEquals(w[0].length, x[r].length, "inner sizes");
            for (int o = 0; o < w.length; o++) {
                for (int i = 0; i < x[r].length; i++) {
                    y[r][o] += x[r][i] * w[o][i];
                }
            }
        }
        return y;
    }

    static double[][] addRow(double[][] x, double[] row) {
        double[][] y = new double[x.length][row.length];
        for (int r = 0; r < x.length; r++) {
            for (int i = 0; i < row.length; i++) {
                y[r][i] = x[r][i] + row[i];
            }
        }
        return y;
    }

    static double[][] add(double[][] a, double[][] b) {
        double[][] y = new double[a.length][];
        for (int r = 0; r < a.length; r++) {
            y[r] = addRow(new double[][] {a[r]}, b[r])[0];
        }
        return y;
    }

    static double[][] map(double[][] x, DoubleUnaryOperator f) {
        double[][] y = new double[x.length][];
        for (int r = 0; r < x.length; r++) {
            y[r] = Arrays.stream(x[r]).map(f).toArray();
        }
        return y;
    }

    /** The columns of a, then those of b. */
    static double[][] beside(double[][] a, double[][] b) {
        double[][] y = new double[a.length][];
        for (int r = 0; r < a.length; r++) {
            y[r] = DoubleStream.concat(Arrays.stream(a[r]), Arrays.stream(b[r])).toArray();
        }
        return y;
    }

    /** Columns {@code from} to before {@code to}. */
    static double[][] columns(double[][] x, int from, int to) {
        double[][] y = new double[x.length][];
        for (int r = 0; r < x.length; r++) {
            y[r] = Arrays.copyOfRange(x[r], from, to);
        }
        return y;
    }

    static double[][] layerNorm(double[][] x, double[] weight, double eps) {
        double[][] y = new double[x.length][weight.length];
        for (int r = 0; r < x.length; r++) {
            double mean = Arrays.stream(x[r]).average().orElseThrow();
            double variance = 0;
            for (double v : x[r]) {
                variance += (v - mean) * (v - mean) / weight.length;
            }
            for (int i = 0; i < weight.length; i++) {
                y[r][i] = (x[r][i] - mean) / Math.sqrt(variance + eps) * weight[i];
            }
        }
        return y;
    }

    static double[][] rmsNorm(double[][] x, double[] weight, double eps) {
        double[][] y = new double[x.length][weight.length];
        for (int r = 0; r < x.length; r++) {
            double squares = Arrays.stream(x[r]).map(v -> v * v).average().orElseThrow();
            for (int i = 0; i < weight.length; i++) {
                y[r][i] = x[r][i] / Math.sqrt(squares + eps) * weight[i];
            }
        }
        return y;
    }

    /** LayerNorm of each head, with a row of weights each. */
    static double[][] layerNormOfHeads(double[][] x, double[][] weights, double eps) {
        int headDim = weights[0].length;
        double[][] y = new double[x.length][0];
        for (int h = 0; h < weights.length; h++) {
            y = beside(y, layerNorm(columns(x, h * headDim, (h + 1) * headDim), weights[h], eps));
        }
        return y;
    }

    /** Rotates neighbouring entries of each head by the row's number. */
    static double[][] rotateNeighbours(double[][] x, int headDim, double theta) {
        double[][] y = new double[x.length][x[0].length];
        for (int r = 0; r < x.length; r++) {
            for (int i = 0; i < x[r].length; i += 2) {
                double angle = r * Math.pow(theta, -(double) (i % headDim) / headDim);
                y[r][i] = x[r][i] * Math.cos(angle) - x[r][i + 1] * Math.sin(angle);
                y[r][i + 1] = x[r][i + 1] * Math.cos(angle) + x[r][i] * Math.sin(angle);
            }
        }
        return y;
    }

    /** Rotates the first {@code rotaryDim} entries of each head by the row's number, entry i with entry i + rotaryDim / 2. */
    static double[][] rotate(double[][] x, int headDim, int rotaryDim, double theta) {
        double[] frequencies = new double[rotaryDim / 2];
        Arrays.setAll(frequencies, i -> Math.pow(theta, -2.0 * i / rotaryDim));
        return rotate(x, headDim, frequencies);
    }

    /** Rotates the first entries of each head by the row's number, entry i with entry i + frequencies.length. */
    static double[][] rotate(double[][] x, int headDim, double[] frequencies) {
        double[][] y = new double[x.length][];
        int half = frequencies.length;
        for (int r = 0; r < x.length; r++) {
            y[r] = x[r].clone();
            for (int head = 0; head < x[r].length; head += headDim) {
                for (int i = 0; i < half; i++) {
                    double angle = r * frequencies[i];
                    double a = x[r][head + i];
                    double b = x[r][head + i + half];
                    y[r][head + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    y[r][head + i + half] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
        return y;
    }

    /** Attention; the number of key/value heads follows from the sizes. */
    static double[][] attention(double[][] q, double[][] k, double[][] v, int headDim, Bias bias) {
        int heads = q[0].length / headDim;
        int group = q[0].length / k[0].length;
        double[][] y = new double[q.length][q[0].length];
        for (int h = 0; h < heads; h++) {
            int qStart = h * headDim;
            int kvStart = h / group * headDim;
            for (int i = 0; i < q.length; i++) {
                double[] p = new double[k.length];
                double sum = 0;
                for (int j = 0; j < k.length; j++) {
                    double dot = 0;
                    for (int d = 0; d < headDim; d++) {
                        dot += q[i][qStart + d] * k[j][kvStart + d];
                    }
                    p[j] = Math.exp(dot / Math.sqrt(headDim) + bias.of(h, i, j));
                    sum += p[j];
                }
                for (int j = 0; j < k.length; j++) {
                    for (int d = 0; d < headDim; d++) {
                        y[i][qStart + d] += p[j] / sum * v[j][kvStart + d];
                    }
                }
            }
        }
        return y;
    }

    /** Keys up to the query are visible. */
    static Bias causal() {
        return (head, i, j) -> j <= i ? 0 : Double.NEGATIVE_INFINITY;
    }

    /** Keys up to the query and less than {@code size} before it are visible. */
    static Bias window(int size) {
        return (head, i, j) -> j <= i && i - j < size ? 0 : Double.NEGATIVE_INFINITY;
    }

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    static double relu(double x) {
        return Math.max(x, 0);
    }

    /** x · Φ(x), by the integral of the density. */
    static double gelu(double x) {
        int steps = 2000;
        double area = 0;
        for (int i = 0; i < steps; i++) {
            double t = x * (i + 0.5) / steps;
            area += Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI) * x / steps;
        }
        return x * (0.5 + area);
    }

    static double geluTanh(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static void assertNear(double[][] expected, double[][] actual) {
        assertEquals(expected.length, actual.length, "rows");
        for (int r = 0; r < expected.length; r++) {
            assertArrayEquals(expected[r], actual[r], 1e-4, "row " + r);
        }
    }
}
