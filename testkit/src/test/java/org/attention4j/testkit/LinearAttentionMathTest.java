package org.attention4j.testkit;

import static org.attention4j.testkit.PlainLayer.EPS;
import static org.attention4j.testkit.PlainLayer.HEADS;
import static org.attention4j.testkit.PlainLayer.HIDDEN;
import static org.attention4j.testkit.PlainLayer.KEY;
import static org.attention4j.testkit.PlainLayer.TOKENS;
import static org.attention4j.testkit.PlainLayer.VALUE;
import static org.attention4j.testkit.PlainLayer.each;
import static org.attention4j.testkit.PlainLayer.map;
import static org.attention4j.testkit.PlainLayer.rms;
import static org.attention4j.testkit.PlainLayer.sigmoid;
import static org.attention4j.testkit.PlainLayer.times;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.attention4j.core.mixer.linearattention.FavorFeatures;
import org.attention4j.core.mixer.linearattention.KernelAttentionMixer;
import org.attention4j.core.mixer.linearattention.LinearAttentionConfig;
import org.attention4j.core.mixer.linearattention.LinearAttentionMixer;
import org.attention4j.core.mixer.linearattention.OutputNorm;
import org.junit.jupiter.api.Test;

/** The layers of linear attention against the formulas of their papers, as sums over all pairs of tokens where there are such. */
class LinearAttentionMathTest {
    @Test
    void retentionIsThatOfThePaper() {
        PlainLayer layer =
                new PlainLayer(new LinearAttentionMixer(LinearAttentionConfig.retention(HIDDEN, HEADS, KEY, VALUE)));
        double[][] y = layer.retention();
        layer.assertIs(layer.gatedHeads(y));
    }

    /** Sun et al. write group norm, which also takes the mean off. */
    @Test
    void retentionHasThePapersNormToo() {
        PlainLayer layer = new PlainLayer(new LinearAttentionMixer(
                LinearAttentionConfig.retention(HIDDEN, HEADS, KEY, VALUE).withNorm(OutputNorm.HEAD_LAYER, EPS)));
        double[][] y = layer.retention();
        double[][] gate = map(layer.project("g_proj"), PlainLayer::silu);
        layer.assertIs(each((t, i) -> {
            double[] head = Arrays.copyOfRange(y[t], i / VALUE * VALUE, i / VALUE * VALUE + VALUE);
            double mean = Arrays.stream(head).average().orElseThrow();
            double variance = Arrays.stream(head)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            double normed = (y[t][i] - mean) / Math.sqrt(variance + EPS);
            return (normed * layer.at("norm.weight", i) + layer.at("norm.bias", i)) * gate[t][i];
        }));
    }

    @Test
    void glaIsThatOfThePaper() {
        PlainLayer layer =
                new PlainLayer(new LinearAttentionMixer(LinearAttentionConfig.gla(HIDDEN, HEADS, KEY, VALUE, 2)));
        double[][] low = times(layer.project("gk_proj.0"), layer.matrix("gk_proj.1.weight"));
        double[][] decay = new double[TOKENS][HEADS * KEY];
        for (int t = 0; t < TOKENS; t++) {
            for (int i = 0; i < HEADS * KEY; i++) {
                decay[t][i] = Math.pow(sigmoid(low[t][i] + layer.at("gk_proj.1.bias", i)), 1.0 / 16);
            }
        }
        double[][] y = pairs(layer.project("q_proj"), layer.project("k_proj"), layer.project("v_proj"), decay);
        layer.assertIs(layer.gatedHeads(y));
    }

    @Test
    void hgrn2IsThatOfThePaper() {
        int values = HIDDEN / HEADS;
        for (int layerIndex : new int[] {0, 2}) {
            PlainLayer layer = new PlainLayer(
                    new LinearAttentionMixer(LinearAttentionConfig.hgrn2(HIDDEN, HEADS, KEY, layerIndex, 4)));
            double[][] decay = map(layer.project("f_proj"), PlainLayer::sigmoid);
            for (double[] row : decay) {
                for (int i = 0; i < row.length; i++) {
                    double bound = layerIndex == 0 ? 0 : layer.lowerBound(layerIndex, i);
                    row[i] = bound + (1 - bound) * row[i];
                }
            }
            double[][] queries = map(layer.project("q_proj"), PlainLayer::silu);
            double[][] y = pairs(queries, map(decay, a -> 1 - a), layer.project("v_proj"), decay);
            double[][] normed = new double[TOKENS][];
            for (int t = 0; t < TOKENS; t++) {
                double root = rms(y[t], 0, HEADS * values);
                normed[t] = new double[HEADS * values];
                for (int i = 0; i < HEADS * values; i++) {
                    normed[t][i] = y[t][i] / root * layer.at("norm.weight", i);
                }
            }
            layer.assertIs(normed);
        }
    }

    @Test
    void deltaNetIsThatOfThePaper() {
        int kernel = 3;
        PlainLayer layer = new PlainLayer(
                new LinearAttentionMixer(LinearAttentionConfig.deltaNet(HIDDEN, HEADS, KEY, VALUE, kernel)));
        double[][] q = layer.convolved("q", kernel);
        double[][] k = layer.convolved("k", kernel);
        double[][] v = layer.convolved("v", kernel);
        double[][] beta = map(layer.project("b_proj"), PlainLayer::sigmoid);
        double[][] y = new double[TOKENS][HEADS * VALUE];
        double[][][] memory = new double[HEADS][KEY][VALUE];
        for (int t = 0; t < TOKENS; t++) {
            for (int h = 0; h < HEADS; h++) {
                double[] key = unit(k[t], h);
                double[] query = unit(q[t], h);
                for (int j = 0; j < VALUE; j++) {
                    double found = 0;
                    for (int d = 0; d < KEY; d++) {
                        found += key[d] * memory[h][d][j];
                    }
                    for (int d = 0; d < KEY; d++) {
                        memory[h][d][j] += beta[t][h] * key[d] * (v[t][h * VALUE + j] - found);
                        y[t][h * VALUE + j] += query[d] * memory[h][d][j] / Math.sqrt(KEY);
                    }
                }
            }
        }
        layer.assertIs(layer.normedHeads(y));
    }

    @Test
    void linearAttentionIsThatOfThePaper() {
        PlainLayer layer = new PlainLayer(KernelAttentionMixer.elu1(HIDDEN, HEADS, KEY, VALUE));
        DoubleUnaryOperator elu1 = x -> x > 0 ? x + 1 : Math.exp(x);
        double[][] q = map(layer.project("q_proj"), elu1);
        double[][] k = map(layer.project("k_proj"), elu1);
        layer.assertIs(weighted(q, k, layer.project("v_proj"), KEY, VALUE, 1e-6));
    }

    @Test
    void performerIsThatOfThePaper() {
        int features = 7;
        PlainLayer layer = new PlainLayer(
                KernelAttentionMixer.performer(HIDDEN, HEADS, KEY, features, FavorFeatures.Kernel.SOFTMAX));
        double[][] q = layer.randomFeatures(layer.project("q_proj"), features, true);
        double[][] k = layer.randomFeatures(layer.project("k_proj"), features, false);
        layer.assertIs(weighted(q, k, layer.project("v_proj"), features, KEY, 0));
    }

    /** {@code Σ_{s≤t} Σ_d q_t,d k_s,d Π_{s<r≤t} a_r,d v_s / √keyDim} of each head. */
    private static double[][] pairs(double[][] q, double[][] k, double[][] v, double[][] decay) {
        int values = v[0].length / HEADS;
        double[][] y = new double[TOKENS][v[0].length];
        for (int t = 0; t < TOKENS; t++) {
            for (int s = 0; s <= t; s++) {
                for (int i = 0; i < q[0].length; i++) {
                    double weight = q[t][i] * k[s][i] / Math.sqrt(KEY);
                    for (int r = s + 1; r <= t; r++) {
                        weight *= decay[r][i];
                    }
                    int head = i / KEY;
                    for (int j = 0; j < values; j++) {
                        y[t][head * values + j] += weight * v[s][head * values + j];
                    }
                }
            }
        }
        return y;
    }

    /** {@code Σ_{s≤t} (q_t·k_s) v_s / (Σ_{s≤t} q_t·k_s + eps)} of each head. */
    private static double[][] weighted(double[][] q, double[][] k, double[][] v, int keys, int values, double eps) {
        double[][] y = new double[TOKENS][HEADS * values];
        for (int t = 0; t < TOKENS; t++) {
            for (int h = 0; h < HEADS; h++) {
                double sum = eps;
                for (int s = 0; s <= t; s++) {
                    double weight = 0;
                    for (int d = h * keys; d < (h + 1) * keys; d++) {
                        weight += q[t][d] * k[s][d];
                    }
                    sum += weight;
                    for (int j = h * values; j < (h + 1) * values; j++) {
                        y[t][j] += weight * v[s][j];
                    }
                }
                for (int j = h * values; j < (h + 1) * values; j++) {
                    y[t][j] /= sum;
                }
            }
        }
        return y;
    }

    private static double[] unit(double[] row, int head) {
        double[] part = Arrays.copyOfRange(row, head * KEY, (head + 1) * KEY);
        double length = Math.sqrt(Arrays.stream(part).map(v -> v * v).sum() + 1e-6);
        return Arrays.stream(part).map(v -> v / length).toArray();
    }
}
