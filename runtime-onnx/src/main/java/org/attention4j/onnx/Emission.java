package org.attention4j.onnx;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.ModelEmitter;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.ScanLimits;
import org.attention4j.onnx.emit.WeightStore;
import org.attention4j.onnx.rows.RowFusion;

/**
 * A graph's way to an ONNX model, and what was chosen on it. Some lowerings make graphs of their own, such as one for each expert,
 * and lowerings are chosen for what is in these only when they are emitted: the plan is known when all nodes are, wherever the
 * weights go.
 *
 * @param model the nodes
 * @param limits what must hold of each run
 * @param plan the choices
 */
record Emission(ModelEmitter.Emitted model, List<OnnxRewrite.Limit> limits, Plan plan) {
    private static final ImmutableList<Lowering> LOWERINGS = ImmutableList.<Lowering>builder()
            .addAll(ServiceLoader.load(OnnxLowering.class, Emission.class.getClassLoader()))
            .addAll(ServiceLoader.load(OnnxRewrite.class, Emission.class.getClassLoader()))
            .build();

    /** Whether nodes need the operators of {@link CustomOps}. */
    boolean usesGeneratedCode() {
        return model.proto().getOpsetImportList().stream()
                .anyMatch(o -> o.getDomain().equals(CustomOps.DOMAIN));
    }

    /** Emits {@code graph}, and its weights to {@code weights}. */
    static Emission of(Graph graph, OnnxOptions options, CompileOptions compileOptions, WeightStore weights) {
        LoweringContext context = new LoweringContext(graph, options.exactActivations())
                .here(options.noGeneratedCode(), options.storedWeights());
        return of(context, options.device().id(), compileOptions, weights);
    }

    /** Emits the graph of {@code context} for a device. */
    static Emission of(LoweringContext context, String device, CompileOptions compileOptions, WeightStore weights) {
        Graph graph = context.graph();
        Choices choices = new Choices(context, new LoweringChooser<>(LOWERINGS, compileOptions));
        Graph lowered = choices.fuse(choices.expand(graph));
        choices.limits.addAll(ScanLimits.of(lowered));
        ModelEmitter.Emitted model =
                new ModelEmitter(context, choices::loweringOf, choices::expand).emit(lowered, weights);
        Plan plan = choices.chooser.plan(OnnxBackend.NAME, device);
        return new Emission(model, ImmutableList.copyOf(choices.limits), plan);
    }

    /** What has been chosen so far. */
    private static final class Choices {
        private final LoweringContext context;
        private final LoweringChooser<Lowering> chooser;
        private final Map<Composite, OnnxLowering> chosen = new HashMap<>();
        private final List<OnnxRewrite.Limit> limits = new ArrayList<>();

        Choices(LoweringContext context, LoweringChooser<Lowering> chooser) {
            this.context = context;
            this.chooser = chooser;
        }

        Optional<OnnxLowering> loweringOf(Composite composite) {
            return Optional.ofNullable(chosen.get(composite));
        }

        /** The whole graph or one of a lowering's own, with only those composites left that have a lowering. */
        Graph expand(Graph part) {
            LoweringContext inside = context.within(part);
            return Expansion.expand(part, composite -> choose(composite, inside));
        }

        /** The graph with functions of rows in place of ops beside each other, where code is generated. */
        Graph fuse(Graph expanded) {
            if (context.noGeneratedCode().isPresent()) {
                return expanded;
            }
            return RowFusion.fuse(expanded, context.within(expanded), fused -> {
                boolean isTaken = choose(fused, context).isEmpty();
                if (isTaken) {
                    RowFusion.partsOf(fused).forEach(op -> chooser.joined(op, fused));
                }
                return isTaken;
            });
        }

        private Optional<Decomposer.Decomposition> choose(Composite composite, LoweringContext inside) {
            Optional<Lowering> choice = chooser.choose(composite, l -> switch (l) {
                case OnnxLowering lowering -> lowering.supports(composite, inside);
                case OnnxRewrite rewrite -> rewrite.supports(composite, inside);
                default -> l.supports(composite);
            });
            if (choice.isPresent() && choice.get() instanceof OnnxLowering lowering) {
                chosen.put(composite, lowering);
                limits.addAll(lowering.limits(composite));
                return Optional.empty();
            }
            if (choice.isPresent() && choice.get() instanceof OnnxRewrite rewrite) {
                limits.addAll(rewrite.limits(composite));
                return Optional.of((b, inputs) -> rewrite.rewrite(b, composite, inputs));
            }
            return Decomposer.ALL.decompositionOf(composite);
        }
    }
}
