package org.attention4j.onnx.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.TensorProto;

/**
 * Checks of a model before an engine is given its file: what the file says of tensors is so, nothing lies outside of its folder, no
 * function calls itself, and no graph is in itself so deep that walking it would need a deep stack.
 */
public final class ModelGuard {
    private static final int DEEPEST = 32;

    private final List<TensorProto> tensors = new ArrayList<>();
    private final Map<String, Set<String>> calls = new HashMap<>();
    private final Set<String> functions = new HashSet<>();

    private ModelGuard() {}

    /**
     * Checks a model and gives the tensors of its graphs and functions.
     *
     * @param file from which it was read
     * @throws OnnxFormatException if it is not what an engine should be given, in one line
     */
    public static List<TensorProto> check(ModelProto model, Path file) throws IOException {
        ModelGuard guard = new ModelGuard();
        guard.walk(model);
        guard.requireNoRecursion();
        try (Arena arena = Arena.ofConfined()) {
            TensorBytes bytes = new TensorBytes(file, arena);
            for (TensorProto tensor : guard.tensors) {
                if (tensor.getDataType() != TensorProto.DataType.STRING.getNumber()) {
                    bytes.of(tensor);
                }
            }
        }
        return guard.tensors;
    }

    private void walk(ModelProto model) throws OnnxFormatException {
        for (FunctionProto f : model.getFunctionsList()) {
            if (!functions.add(key(f.getDomain(), f.getName()))) {
                throw new OnnxFormatException("two functions are called '%s'".formatted(shortened(f.getName())));
            }
        }
        for (FunctionProto f : model.getFunctionsList()) {
            Set<String> called = calls.computeIfAbsent(key(f.getDomain(), f.getName()), k -> new HashSet<>());
            for (NodeProto node : f.getNodeList()) {
                walk(node, called::add, 1);
            }
        }
        walk(model.getGraph(), name -> {}, 1);
    }

    private void walk(GraphProto graph, Consumer<String> called, int depth) throws OnnxFormatException {
        if (depth > DEEPEST) {
            throw new OnnxFormatException("graphs are nested more than %d deep".formatted(DEEPEST));
        }
        tensors.addAll(graph.getInitializerList());
        graph.getSparseInitializerList().forEach(this::add);
        for (NodeProto node : graph.getNodeList()) {
            walk(node, called, depth);
        }
    }

    private void walk(NodeProto node, Consumer<String> called, int depth) throws OnnxFormatException {
        called.accept(key(node.getDomain(), node.getOpType()));
        for (AttributeProto a : node.getAttributeList()) {
            if (a.hasT()) {
                tensors.add(a.getT());
            }
            tensors.addAll(a.getTensorsList());
            if (a.hasSparseTensor()) {
                add(a.getSparseTensor());
            }
            a.getSparseTensorsList().forEach(this::add);
            if (a.hasG()) {
                walk(a.getG(), called, depth + 1);
            }
            for (GraphProto g : a.getGraphsList()) {
                walk(g, called, depth + 1);
            }
        }
    }

    private void add(SparseTensorProto sparse) {
        tensors.add(sparse.getValues());
        tensors.add(sparse.getIndices());
    }

    private static String key(String domain, String name) {
        return domain + "\n" + name;
    }

    /** An engine replaces calls by what the functions do: of one that calls itself there is no end. */
    private void requireNoRecursion() throws OnnxFormatException {
        Set<String> done = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, Set<String>> f : calls.entrySet()) {
                boolean ready = f.getValue().stream().allMatch(c -> !functions.contains(c) || done.contains(c));
                more |= ready && done.add(f.getKey());
            }
        }
        if (done.size() < calls.size()) {
            String one = calls.keySet().stream()
                    .filter(f -> !done.contains(f))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            throw new OnnxFormatException(
                    "the function '%s' calls itself".formatted(shortened(one.substring(one.indexOf('\n') + 1))));
        }
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
