package org.attention4j.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Which experts compute a token, and with which weights: {@link org.attention4j.core.moe.Routing} without groups. Few tokens also have
 * done here what comes before that: the norm of the token, and the router's products with it. The row is {@link RoutingRow}'s.
 */
public final class RoutingKernel {
    /** Work-items that share a token on a CPU, each with logits of its own. */
    public static final int GROUP = 64;
    /** The same on a GPU. */
    public static final int LARGE_GROUP = 256;
    /** Of these, those that share a logit. */
    public static final int LANES = 32;

    /** The least sum of weights that they are divided by. */
    private static final float LEAST_SUM = 1e-20f;

    private RoutingKernel() {}

    /** A work-group for each token. */
    public static void run(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats, ByteArray bytes) {
        float[] shared = context.allocateFloatLocalArray(LARGE_GROUP * LinearKernel.MOST_PRODUCTS);
        float[] scores = context.allocateFloatLocalArray(RoutingRow.MOST_EXPERTS);
        float[] candidates = context.allocateFloatLocalArray(RoutingRow.MOST_EXPERTS);
        float[] chosen = context.allocateFloatLocalArray(RoutingRow.MOST_EXPERTS);
        int row = cursor.get(Rows.ROW);
        int item = context.localIdx;
        int group = context.localGroupSizeX;
        int token = context.groupIdx;
        int norm = row + ints.get(row + RoutingRow.NORM);
        int width = ints.get(norm + NormRow.WIDTH);
        if (width > 0) {
            int xStep = Operands.stride(ints, norm + NormRow.X, 1);
            int weightStep = Operands.stride(ints, norm + NormRow.WEIGHT, 1);
            int biasStep = Operands.stride(ints, norm + NormRow.BIAS, 1);
            float epsilon = floats.get(Operands.begin(cursor, ints, norm + NormRow.EPSILON));
            float offset = floats.get(Operands.begin(cursor, ints, norm + NormRow.OFFSET));
            int part = token % ints.get(norm + NormRow.PARTS);
            int x = Operands.ofLine(cursor, ints, norm + NormRow.X, token);
            int y = Operands.ofLine(cursor, ints, norm + NormRow.RESULT, token);
            int weight = Operands.ofLine(cursor, ints, norm + NormRow.WEIGHT, part);
            int bias = Operands.ofLine(cursor, ints, norm + NormRow.BIAS, part);
            float entries = 0f;
            for (int i = item; i < width; i += group) {
                entries += floats.get(x + i * xStep);
            }
            shared[item] = entries;
            context.localBarrier();
            float allEntries = 0f;
            for (int k = 0; k < group; k++) {
                allEntries += shared[k];
            }
            context.localBarrier();
            float mean = ints.get(norm + NormRow.CENTRED) == 1 ? allEntries / width : 0f;
            float squares = 0f;
            for (int i = item; i < width; i += group) {
                float value = floats.get(x + i * xStep) - mean;
                squares += value * value;
            }
            shared[item] = squares;
            context.localBarrier();
            float allSquares = 0f;
            for (int k = 0; k < group; k++) {
                allSquares += shared[k];
            }
            float scale = 1f / TornadoMath.sqrt(allSquares / ints.get(norm + NormRow.COUNT) + epsilon);
            for (int i = item; i < width; i += group) {
                float value = (floats.get(x + i * xStep) - mean) * scale;
                floats.set(
                        y + i,
                        value * (floats.get(weight + i * weightStep) + offset) + floats.get(bias + i * biasStep));
            }
            context.globalBarrier();
        }
        int experts = ints.get(row + RoutingRow.EXPERTS);
        int program = row + ints.get(row + RoutingRow.PROGRAM);
        int computed = ints.get(program + Interpreter.ELEMENTS) > 0 ? experts : 0;
        int count = ints.get(program + Interpreter.NUM_CODES);
        int codes = program + ints.get(program + Interpreter.CODES);
        int products = ints.get(program + Interpreter.EXTRA);
        int lanes = ints.get(row + RoutingRow.LANES);
        int lane = item % lanes;
        int[] addresses = new int[Interpreter.MOST_OPERANDS];
        float[] f = new float[Code.MOST];
        int[] r = new int[Code.MOST];
        float[] product = new float[1];
        for (int first = 0; first < computed; first += group / lanes) {
            int expert = first + item / lanes;
            // All work-items come to the barriers: those beyond the last expert compute its product again.
            int least = expert < experts ? expert : experts - 1;
            Interpreter.address(cursor, ints, program, token * experts + least, addresses);
            for (int p = 0; p < products; p++) {
                int at = program + ints.get(program + Interpreter.EXTRA + 1) + p * LinearKernel.PRODUCT;
                int x = addresses[ints.get(at)];
                int type = ints.get(at + 2);
                int w = ints.get(at + 3) + addresses[ints.get(at + 1)] * ints.get(at + 4);
                int inner = ints.get(at + 5);
                // Into an array: a variable that all branches set is miscompiled if they have loops.
                if (type == LinearKernel.F32) {
                    product[0] = LaneDots.f32Runs(floats, w, x, inner, lane, lanes);
                } else if (type == LinearKernel.F16) {
                    product[0] = LaneDots.f16Runs(bytes, floats, w, x, inner, lane, lanes);
                } else if (type == LinearKernel.BF16) {
                    product[0] = LaneDots.bf16Runs(bytes, floats, w, x, inner, lane, lanes);
                } else if (type == LinearKernel.Q8_0) {
                    product[0] = LaneDots.q8(bytes, floats, w, x, inner, lane, lanes);
                } else if (type == LinearKernel.Q4_0) {
                    product[0] = LaneDots.q4(bytes, floats, w, x, inner, lane, lanes);
                } else if (type == LinearKernel.Q4_K) {
                    product[0] = LaneDots.q4k(bytes, floats, w, x, inner, lane, lanes);
                } else {
                    product[0] = LaneDots.q6k(bytes, floats, w, x, inner, lane, lanes);
                }
                shared[p * LARGE_GROUP + item] = product[0];
            }
            context.localBarrier();
            int last = expert < experts ? count : 0;
            last = lane == 0 ? last : 0;
            int summed = last > 0 ? products : 0;
            for (int p = 0; p < summed; p++) {
                float sum = 0f;
                for (int i = 0; i < lanes; i++) {
                    sum += shared[p * LARGE_GROUP + item + i];
                }
                f[p] = sum;
            }
            for (int i = products; i < last; i++) {
                int at = codes + i * Code.SIZE;
                int code = ints.get(at);
                int a = ints.get(at + 1);
                int b = ints.get(at + 2);
                if (code < Code.FIRST_FLOAT) {
                    Interpreter.move(ints, floats, program, code, a, b, ints.get(at + 3), i, addresses, f, r);
                } else if (code < Code.FIRST_LONG) {
                    f[i] = Interpreter.unary(code, f[a]);
                } else if (code < Code.FIRST_BINARY) {
                    f[i] = Interpreter.longer(floats, code, f[a]);
                } else if (code < Code.FIRST_MIXED) {
                    f[i] = Interpreter.binary(code, f[a], f[b]);
                } else {
                    Interpreter.integers(ints, program, code, a, b, ints.get(at + 3), i, f, r);
                }
            }
            context.localBarrier();
        }
        context.globalBarrier();
        int choices = ints.get(row + RoutingRow.CHOICES);
        int scoring = ints.get(row + RoutingRow.SCORING);
        int logits = Operands.begin(cursor, ints, row + RoutingRow.LOGITS)
                + token * Operands.stride(ints, row + RoutingRow.LOGITS, 0);
        int chosenBy = Operands.begin(cursor, ints, row + RoutingRow.BIAS);
        int chosenByStep = Operands.stride(ints, row + RoutingRow.BIAS, 0);
        float max = floats.get(logits);
        for (int e = item; e < experts; e += group) {
            float logit = floats.get(logits + e);
            scores[e] = logit;
            max = Numbers.max(max, logit);
        }
        shared[item] = max;
        context.localBarrier();
        for (int i = 0; i < group; i++) {
            max = Numbers.max(max, shared[i]);
        }
        context.localBarrier();
        float sum = 0f;
        for (int e = item; e < experts; e += group) {
            float score = scores[e];
            if (scoring == RoutingRow.SOFTMAX) {
                score = TornadoMath.exp(score - max);
            } else if (scoring == RoutingRow.SIGMOID) {
                score = Numbers.sigmoid(score);
            }
            scores[e] = score;
            sum += score;
        }
        shared[item] = sum;
        context.localBarrier();
        float all = 0f;
        for (int i = 0; i < group; i++) {
            all += shared[i];
        }
        float share = scoring == RoutingRow.SOFTMAX ? 1f / all : 1f;
        for (int e = item; e < experts; e += group) {
            float score = scores[e] * share;
            scores[e] = score;
            candidates[e] = Numbers.ordered(score + floats.get(chosenBy + e * chosenByStep));
        }
        context.localBarrier();
        int ids = Operands.begin(cursor, ints, row + RoutingRow.IDS) + token * choices;
        for (int e = item; e < experts; e += group) {
            float own = candidates[e];
            int before = 0;
            for (int other = 0; other < experts; other++) {
                float x = candidates[other];
                if (x > own) {
                    before++;
                }
                if (x == own) {
                    before += other < e ? 1 : 0;
                }
            }
            if (before < choices) {
                chosen[before] = scores[e];
                ints.set(ids + before, e);
            }
        }
        context.localBarrier();
        float largest = chosen[0];
        for (int i = 1; i < choices; i++) {
            largest = Numbers.max(largest, chosen[i]);
        }
        float total = 0f;
        for (int i = 0; i < choices; i++) {
            total += scoring == RoutingRow.SOFTMAX_OF_CHOSEN ? TornadoMath.exp(chosen[i] - largest) : chosen[i];
        }
        float factor = floats.get(Operands.begin(cursor, ints, row + RoutingRow.FACTOR));
        int weights = Operands.begin(cursor, ints, row + RoutingRow.WEIGHTS) + token * choices;
        for (int i = item; i < choices; i += group) {
            float weight = chosen[i];
            if (scoring == RoutingRow.SOFTMAX_OF_CHOSEN) {
                weight = TornadoMath.exp(weight - largest) / total;
            }
            if (ints.get(row + RoutingRow.DIVIDED) == 1) {
                // Weights that are a softmax already have the sum 1.
                weight = weight / ((scoring == RoutingRow.SOFTMAX_OF_CHOSEN ? 1f : total) + LEAST_SUM);
            }
            floats.set(weights + i, weight * factor);
        }
    }
}
