package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.reference.ReferenceBackend;
import org.attention4j.core.tensor.Tensor;

/**
 * Computes nodes whose inputs are all known: the node's own operator writes them into a graph of their own, which the reference
 * backend runs. So a folded node means what it would mean unfolded. Only small tensors are made; what is large stays as it is.
 */
final class Folding {
    private static final long MOST_ELEMENTS = 1 << 16;

    private final Backend reference = new ReferenceBackend.Provider().create(BackendOptions.DEFAULT);

    /** The node's outputs, if they are known. */
    Optional<List<Imported>> fold(OnnxNode node, OperatorTable.Operator operator, String label) {
        boolean small =
                node.items().stream().allMatch(i -> i.map(Folding::isSmall).orElse(true));
        if (!small || node.hasGraphs()) {
            return Optional.empty();
        }
        Writer apart = new Writer(new GraphBuilder("constants"));
        List<? extends Imported> items = operator.apply(node.with(node.items(), apart));
        Map<String, Value> computed = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Imported.Computed(Value value)) {
                computed.put(Integer.toString(i), value);
            }
        }
        computed.forEach(apart.builder()::result);
        Graph graph = apart.builder().build();
        if (!isSmall(graph)) {
            return Optional.empty();
        }
        Optional<Map<String, Tensor>> known = computed.isEmpty() ? Optional.of(ImmutableMap.of()) : run(graph);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Tensor> tensors = known.get();
        List<Imported> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Tensor tensor = tensors.get(Integer.toString(i));
            String name = i == 0 ? label : label + "." + i;
            if (tensor != null) {
                out.add(new Imported.Constant(name, tensor));
            } else {
                out.add(items.get(i) instanceof Imported.Sizes s ? SizeMath.settled(s, name) : items.get(i));
            }
        }
        return Optional.of(out);
    }

    /** What can't be computed, such as row 5 of 3, stays: it fails when the graph runs, as it would in ONNX. */
    private Optional<Map<String, Tensor>> run(Graph graph) {
        try (CompiledGraph compiled = reference.compile(graph, CompileOptions.DEFAULT)) {
            return Optional.of(compiled.run(ImmutableMap.of()));
        } catch (BackendException e) {
            return Optional.empty();
        }
    }

    private static boolean isSmall(Imported item) {
        return item instanceof Imported.Constant(String name, Tensor t)
                && t.shape().elements() <= MOST_ELEMENTS;
    }

    private static boolean isSmall(Graph graph) {
        for (Op op : graph.ops()) {
            if (op instanceof Scan) {
                return false;
            }
            for (Value v : op.outputs()) {
                if (!isSmall(v.type())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isSmall(TensorType type) {
        long elements = 1;
        for (Dim d : type.dims()) {
            if (!(d instanceof Dim.Fixed(long size)) || size > MOST_ELEMENTS) {
                return false;
            }
            elements *= size;
            if (elements > MOST_ELEMENTS) {
                return false;
            }
        }
        return true;
    }
}
