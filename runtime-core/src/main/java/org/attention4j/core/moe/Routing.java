package org.attention4j.core.moe;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Which experts compute a token, and with which weights: logits {@code F32[..., experts]} and, with a selection bias,
 * selection_bias {@code [experts]}; the results are ids {@code I64[..., topK]}, the best first and of equals the first first,
 * and weights {@code F32[..., topK]}. The formulas are those of {@link org.attention4j.core.moe}.
 *
 * <pre>
 *   Mixtral     Routing.of(2, SOFTMAX).normalised()
 *   Qwen2-MoE   Routing.of(4, SOFTMAX)                 and normalised() if norm_topk_prob
 *   gpt-oss     Routing.of(4, SOFTMAX_OF_CHOSEN)
 *   DeepSeek-V2 Routing.of(6, SOFTMAX).withGroups(new ExpertGroups(8, 3, MAX)).withScale(16)
 *   DeepSeek-V3 Routing.of(8, SIGMOID).withSelectionBias().withGroups(new ExpertGroups(8, 4, TOP2_SUM)).normalised().withScale(2.5)
 * </pre>
 *
 * @param topK how many experts a token has
 * @param scoring how logits become weights
 * @param selectionBias whether there is a bias that is added to scores for choosing only
 * @param groups groups of experts, if only some of them may be used by a token
 * @param isNormalised whether a token's weights are divided by their sum
 * @param scale what the weights are multiplied by at last
 */
public record Routing(
        int topK,
        Scoring scoring,
        boolean selectionBias,
        Optional<ExpertGroups> groups,
        boolean isNormalised,
        double scale)
        implements CompositeOp {
    private static final double LEAST_SUM = 1e-20;

    public Routing {
        if (topK < 1) {
            throw new IllegalArgumentException("routing: topK is %d, expected at least 1".formatted(topK));
        }
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException("routing: scale is %s, expected a finite number".formatted(scale));
        }
    }

    /** The {@code topK} experts of the largest scores, weighted by these. */
    public static Routing of(int topK, Scoring scoring) {
        return new Routing(topK, scoring, false, Optional.empty(), false, 1);
    }

    /** The same with a bias for choosing. */
    public Routing withSelectionBias() {
        return new Routing(topK, scoring, true, groups, isNormalised, scale);
    }

    /** The same of a few groups. */
    public Routing withGroups(ExpertGroups chosenGroups) {
        return new Routing(topK, scoring, selectionBias, Optional.of(chosenGroups), isNormalised, scale);
    }

    /** The same with weights that sum up to 1 (before they are scaled). */
    public Routing normalised() {
        return new Routing(topK, scoring, selectionBias, groups, true, scale);
    }

    /** The same with weights multiplied by {@code factor}. */
    public Routing withScale(double factor) {
        return new Routing(topK, scoring, selectionBias, groups, isNormalised, factor);
    }

    @Override
    public String name() {
        return "routing";
    }

    @Override
    public List<String> inputNames() {
        return selectionBias ? ImmutableList.of("logits", "selection_bias") : ImmutableList.of("logits");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType logits = in.activation("logits", 2);
        in.require(
                logits.dim(-1) instanceof Dim.Fixed(long experts) && topK <= experts,
                "logits",
                "at least topK %d experts".formatted(topK));
        groups.ifPresent(g -> g.require(logits.fixedDim(-1), topK));
        if (selectionBias) {
            in.vector("selection_bias", logits.dim(-1));
        }
        List<Dim> dims = new ArrayList<>(logits.dims());
        dims.set(dims.size() - 1, Dim.of(topK));
        return ImmutableList.of(new TensorType(DType.I64, dims), new TensorType(DType.F32, dims));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value scores = scoring.scores(b, inputs.getFirst());
        Value biased = selectionBias ? b.add(scores, b.toF32(inputs.get(1))) : scores;
        Value candidates = groups.map(g -> g.mask(b, biased)).orElse(biased);
        Value ids = b.topK(candidates, topK, -1).getLast();
        Value weights = scoring.weights(b, b.gatherElements(scores, ids, -1));
        if (isNormalised) {
            weights = b.div(weights, b.add(b.reduce(ReduceKind.SUM, weights, true, -1), LEAST_SUM));
        }
        return ImmutableList.of(ids, scale == 1 ? weights : b.mul(weights, scale));
    }
}
