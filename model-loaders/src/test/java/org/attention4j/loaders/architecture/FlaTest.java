package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.attention4j.loaders.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of flash-linear-attention against loops over tokens, heads and entries. */
class FlaTest {
    private static final int HIDDEN = 16;
    private static final int HEADS = 2;
    private static final int VALUE_DIM = 8;
    private static final double EPS = 1e-6;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 2};
    private static final String LAYER = "model.layers.0.";
    private static final String ATTN = LAYER + "attn.";
    private static final String SIZES = """
            "hidden_act": "swish", "hidden_size": 16, "num_heads": 2, "num_hidden_layers": 1, "vocab_size": 11""";

    @TempDir
    private Path directory;

    @Test
    void glaSharesKeysAndValuesAndItsForgetGate() {
        int keyDim = 4;
        WrittenModel m = model("g_norm_swish_gate", HEADS * VALUE_DIM, keyDim * HEADS, keyDim, VALUE_DIM)
                .linear(ATTN + "gk_proj.0", 3, HIDDEN)
                .linearWithBias(ATTN + "gk_proj.1", keyDim, 3);
        Path path = m.write(directory, "{\"model_type\": \"gla\", \"num_kv_heads\": 1, %s}".formatted(SIZES));

        double[][] n = normed(m);
        double[][] gate = m.linear(ATTN + "gk_proj.1", m.linear(ATTN + "gk_proj.0", n));
        double[][] q = m.linear(ATTN + "q_proj", n);
        double[][] k = m.linear(ATTN + "k_proj", n);
        double[][] v = m.linear(ATTN + "v_proj", n);
        double[][] y = new double[n.length][HEADS * VALUE_DIM];
        for (int h = 0; h < HEADS; h++) {
            double[][] state = new double[keyDim][VALUE_DIM];
            for (int t = 0; t < n.length; t++) {
                for (int j = 0; j < VALUE_DIM; j++) {
                    for (int i = 0; i < keyDim; i++) {
                        double kept = Math.pow(sigmoid(gate[t][i]), 1.0 / 16);
                        state[i][j] = kept * state[i][j] + k[t][i] * v[t][j];
                        y[t][h * VALUE_DIM + j] += q[t][h * keyDim + i] / Math.sqrt(keyDim) * state[i][j];
                    }
                }
            }
        }
        PlainMath.assertNear(expected(m, "g_norm_swish_gate", n, y), WrittenModel.logits(path, TOKENS));
    }

    @Test
    void gatedDeltaNetHasConvolutionsAndMoreHeadsOfValuesThanOfKeys() {
        int keyDim = 4;
        int keys = HEADS * keyDim;
        int valueHeads = 2 * HEADS;
        int values = valueHeads * VALUE_DIM;
        WrittenModel m = model("o_norm", values, keys, keys, values)
                .add(ATTN + "q_conv1d.weight", keys, 1, 3)
                .add(ATTN + "k_conv1d.weight", keys, 1, 3)
                .add(ATTN + "v_conv1d.weight", values, 1, 3)
                .linear(ATTN + "a_proj", valueHeads, HIDDEN)
                .linear(ATTN + "b_proj", valueHeads, HIDDEN)
                .add(ATTN + "A_log", valueHeads)
                .add(ATTN + "dt_bias", valueHeads);
        Path path = m.write(directory, """
            {"model_type": "gated_deltanet", "head_dim": 4, "expand_v": 2, "num_v_heads": 4, "conv_size": 3, %s}\
            """.formatted(SIZES));

        double[][] n = normed(m);
        double[][] q = convolved(m, "q", n);
        double[][] k = convolved(m, "k", n);
        double[][] v = convolved(m, "v", n);
        double[][] steps = m.linear(ATTN + "a_proj", n);
        double[][] betas = m.linear(ATTN + "b_proj", n);
        double[][] y = new double[n.length][valueHeads * VALUE_DIM];
        for (int h = 0; h < valueHeads; h++) {
            int from = h / 2 * keyDim;
            double rate = Math.exp(m.rows(ATTN + "A_log")[0][h]);
            double[][] state = new double[keyDim][VALUE_DIM];
            for (int t = 0; t < n.length; t++) {
                double[] query = unit(q[t], from, keyDim);
                double[] key = unit(k[t], from, keyDim);
                double kept = Math.exp(-rate * Math.log1p(Math.exp(steps[t][h] + m.rows(ATTN + "dt_bias")[0][h])));
                for (int j = 0; j < VALUE_DIM; j++) {
                    double known = 0;
                    for (int i = 0; i < keyDim; i++) {
                        state[i][j] *= kept;
                        known += key[i] * state[i][j];
                    }
                    double change = sigmoid(betas[t][h]) * (v[t][h * VALUE_DIM + j] - known);
                    for (int i = 0; i < keyDim; i++) {
                        state[i][j] += key[i] * change;
                        y[t][h * VALUE_DIM + j] += query[i] / Math.sqrt(keyDim) * state[i][j];
                    }
                }
            }
        }
        PlainMath.assertNear(expected(m, "o_norm", n, y), WrittenModel.logits(path, TOKENS));
    }

    @Test
    void saysWhatItDoesNotRun() {
        WrittenModel m = model("o_norm", HIDDEN, HIDDEN, HIDDEN, HIDDEN).linear(ATTN + "gk_proj.0", 3, HIDDEN);
        assertUnsupported(m, "gla", "\"feature_map\": \"relu\"", "'feature_map' is 'relu', expected null");
        assertUnsupported(m, "gated_deltanet", "\"use_short_conv\": false", "'use_short_conv' is false, expected true");
        assertUnsupported(
                m,
                "gla",
                "\"attn\": {\"layers\": [1]}",
                "'attn' is an object, expected null: layers that are all alike, with plain residuals");
    }

    private void assertUnsupported(WrittenModel m, String type, String setting, String message) {
        Path path = m.write(directory, "{\"model_type\": \"%s\", %s, %s}".formatted(type, setting, SIZES));
        Exception e = assertThrows(UnsupportedModelException.class, () -> WrittenModel.logits(path, TOKENS));
        String got = String.valueOf(e.getMessage());
        assertTrue(got.endsWith(message), got);
    }

    /** A layer's parameters but those of its recurrence, and the rest of the model. */
    private static WrittenModel model(String norm, int gates, int queries, int keys, int values) {
        return new WrittenModel()
                .linear("model.embeddings", 11, HIDDEN)
                .add(LAYER + "attn_norm.weight", HIDDEN)
                .linear(ATTN + "q_proj", queries, HIDDEN)
                .linear(ATTN + "k_proj", keys, HIDDEN)
                .linear(ATTN + "v_proj", values, HIDDEN)
                .linear(ATTN + "g_proj", gates, HIDDEN)
                .add(ATTN + norm + ".weight", VALUE_DIM)
                .linear(ATTN + "o_proj", HIDDEN, gates)
                .add(LAYER + "mlp_norm.weight", HIDDEN)
                .linear(LAYER + "mlp.gate_proj", 24, HIDDEN)
                .linear(LAYER + "mlp.up_proj", 24, HIDDEN)
                .linear(LAYER + "mlp.down_proj", HIDDEN, 24)
                .add("model.norm.weight", HIDDEN)
                .linear("lm_head", 11, HIDDEN);
    }

    private static double[][] normed(WrittenModel m) {
        return rmsNorm(m, LAYER + "attn_norm", m.embed("model.embeddings", TOKENS));
    }

    /** The logits, given what the heads read. */
    private static double[][] expected(WrittenModel m, String norm, double[][] n, double[][] y) {
        double[][] gate = m.linear(ATTN + "g_proj", n);
        double[] weight = m.rows(ATTN + norm + ".weight")[0];
        double[][] gated = new double[y.length][];
        for (int t = 0; t < y.length; t++) {
            gated[t] = new double[y[t].length];
            for (int h = 0; h < y[t].length; h += VALUE_DIM) {
                double[] head =
                        PlainMath.rmsNorm(PlainMath.columns(new double[][] {y[t]}, h, h + VALUE_DIM), weight, EPS)[0];
                for (int i = 0; i < VALUE_DIM; i++) {
                    gated[t][h + i] = head[i] * PlainMath.silu(gate[t][h + i]);
                }
            }
        }
        double[][] x = PlainMath.add(m.embed("model.embeddings", TOKENS), m.linear(ATTN + "o_proj", gated));
        x = PlainMath.add(x, m.gatedMlp(LAYER + "mlp", rmsNorm(m, LAYER + "mlp_norm", x)));
        return m.linear("lm_head", rmsNorm(m, "model.norm", x));
    }

    private static double[][] rmsNorm(WrittenModel m, String name, double[][] x) {
        return PlainMath.rmsNorm(x, m.rows(name + ".weight")[0], EPS);
    }

    private static double[][] convolved(WrittenModel m, String name, double[][] n) {
        double[][] x = m.linear(ATTN + name + "_proj", n);
        double[][] taps = m.rows(ATTN + name + "_conv1d.weight");
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int c = 0; c < y[t].length; c++) {
                for (int i = 0; i < 3; i++) {
                    y[t][c] += t + i < 2 ? 0 : taps[c][i] * x[t + i - 2][c];
                }
            }
        }
        return PlainMath.map(y, PlainMath::silu);
    }

    private static double[] unit(double[] x, int from, int count) {
        double square = 1e-6;
        for (int i = from; i < from + count; i++) {
            square += x[i] * x[i];
        }
        double[] y = new double[count];
        for (int i = 0; i < count; i++) {
            y[i] = x[from + i] / Math.sqrt(square);
        }
        return y;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
