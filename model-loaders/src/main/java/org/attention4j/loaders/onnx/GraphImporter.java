package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.TensorProto;

/** Imports the nodes of one graph, subgraph or function. */
final class GraphImporter implements OnnxNode.Surroundings {
    /** Functions may call functions, but not without end. */
    private static final int DEEPEST = 32;

    private final ModelImporter model;
    private final Scope scope;
    private final Map<String, Long> versions;
    private final int depth;
    private final RowGroups groups = new RowGroups();

    GraphImporter(ModelImporter model, Scope scope, Map<String, Long> versions, int depth) {
        if (depth > DEEPEST) {
            throw ImportException.broken("functions and subgraphs are nested deeper than %d", DEEPEST);
        }
        this.model = model;
        this.scope = scope;
        this.versions = versions;
        this.depth = depth;
    }

    /** Imports a graph whose inputs the scope knows, and returns its outputs. */
    List<Imported> run(GraphProto graph) {
        for (TensorProto t : graph.getInitializerList()) {
            scope.define(
                    t.getName(),
                    new Imported.Constant(t.getName(), model.constants().of(t)));
        }
        for (SparseTensorProto t : graph.getSparseInitializerList()) {
            String name = t.getValues().getName();
            scope.define(name, new Imported.Constant(name, model.constants().of(t)));
        }
        return run(graph.getNodeList(), ModelImporter.outputs(graph), "graph '" + graph.getName() + "'");
    }

    private List<Imported> run(List<NodeProto> nodes, Collection<String> outputs, String what) {
        for (NodeProto node : NodeOrder.of(nodes, outputs, what)) {
            model.countNode();
            append(node);
        }
        List<Imported> out = new ArrayList<>();
        for (String name : outputs) {
            if (groups.has(name)) {
                throw ImportException.unsupported("%s: the size of its output '%s' depends on values", what, name);
            }
            out.add(scope.find(name)
                    .orElseThrow(() -> ImportException.broken("%s: nothing gives the output '%s'", what, name)));
        }
        return out;
    }

    private void append(NodeProto node) {
        String domain = ModelImporter.normal(node.getDomain());
        long version = versions.getOrDefault(domain, 1L);
        if (groups.concern(node)) {
            groups.take(node).ifPresent(pieces -> join(node, pieces));
            return;
        }
        List<Optional<Imported>> inputs = inputs(node, version);
        if (RowGroups.begins(node, domain, inputs)) {
            groups.begin(node, inputs);
            return;
        }
        String label = node.getName().isEmpty() ? firstOutput(node) : node.getName();
        List<? extends Imported> outputs;
        try {
            FunctionProto function =
                    model.functions().get(ModelImporter.key(domain, node.getOpType(), node.getOverload()));
            OnnxNode n = new OnnxNode(node, version, inputs, scope.writer(), this);
            GraphBuilder b = scope.writer().builder();
            outputs = b.scoped(
                    label.isEmpty() ? node.getOpType() : label,
                    () -> function == null ? translate(n, node, domain) : call(function, node, inputs));
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            // The graph's and the tensors' own checks: what the node asks for doesn't fit its inputs.
            throw ImportException.broken("%s: %s", OnnxNode.describe(node, version), String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException e) {
            throw ImportException.broken(
                    "%s: its inputs have too few dimensions or elements: %s",
                    OnnxNode.describe(node, version), types(inputs));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (i < outputs.size() && !node.getOutput(i).isEmpty()) {
                scope.define(node.getOutput(i), outputs.get(i));
            }
        }
    }

    private static String types(List<Optional<Imported>> inputs) {
        return inputs.stream()
                .map(i -> i.map(known -> known.type().toString()).orElse("none"))
                .collect(Collectors.joining(", "));
    }

    /** Writes what is made of groups of rows, and that they are joined. */
    private void join(NodeProto node, List<RowGroups.Piece> pieces) {
        String what = OnnxNode.describe(node, 0);
        try {
            RowLoop loop = new RowLoop(what, pieces.stream().map(this::group).toList());
            RowGroups.Split split = pieces.getFirst().split();
            Value y = loop.write(
                    scope.writer().builder(),
                    scope.writer().value(split.rows()),
                    scope.writer().value(split.counts()));
            scope.define(node.getOutput(0), new Imported.Computed(y));
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw ImportException.broken("%s: %s", what, String.valueOf(e.getMessage()));
        }
    }

    /** What is made of one group, as a graph of its own. */
    private Graph group(RowGroups.Piece piece) {
        GraphBuilder b = new GraphBuilder("group");
        Scope inside = scope.body(new Writer(b));
        TensorType rows = piece.split().rows().type().withDim(0, RowLoop.ROWS);
        inside.define(piece.split().names().get(piece.group()), new Imported.Computed(b.input("rows", rows)));
        GraphImporter importer = new GraphImporter(model, inside, versions, depth + 1);
        piece.nodes().forEach(node -> {
            model.countNode();
            importer.append(node);
        });
        Imported y = inside.find(piece.name()).orElseThrow();
        b.result("y", inside.writer().value(y));
        return GraphRewrite.withoutDeadOps(b.build());
    }

    private static String firstOutput(NodeProto node) {
        return node.getOutputCount() == 0 ? "" : node.getOutput(0);
    }

    private List<Optional<Imported>> inputs(NodeProto node, long version) {
        List<Optional<Imported>> inputs = new ArrayList<>();
        for (String name : node.getInputList()) {
            if (name.isEmpty()) {
                inputs.add(Optional.empty());
                continue;
            }
            Optional<Imported> item = scope.find(name);
            if (item.isEmpty()) {
                throw ImportException.broken(
                        "%s: nothing gives its input '%s'", OnnxNode.describe(node, version), name);
            }
            inputs.add(item);
        }
        return inputs;
    }

    private List<? extends Imported> translate(OnnxNode n, NodeProto node, String domain) {
        OperatorTable.Operator operator = model.operators()
                .find(domain, node.getOpType())
                .orElseThrow(() -> n.unsupported("no class of this library imports the operator"));
        String label = firstOutput(node).isEmpty() ? node.getOpType() : firstOutput(node);
        Optional<Tensor> equal = SizeMath.equal(n);
        if (equal.isPresent()) {
            return List.of(new Imported.Constant(label, equal.get()));
        }
        Optional<List<Imported.Sizes>> sizes = SizeMath.compute(n);
        if (sizes.isPresent()) {
            return sizes.get().stream().map(s -> SizeMath.settled(s, label)).toList();
        }
        Optional<List<Imported>> folded = model.folding().fold(n, operator, label);
        if (folded.isPresent()) {
            return folded.get();
        }
        return operator.apply(n).stream()
                .map(i -> i instanceof Imported.Sizes s ? SizeMath.settled(s, label) : i)
                .toList();
    }

    private List<Imported> call(FunctionProto function, NodeProto node, List<Optional<Imported>> inputs) {
        Scope inside = new Scope(scope.writer());
        for (int i = 0; i < function.getInputCount() && i < inputs.size(); i++) {
            if (inputs.get(i).isPresent()) {
                inside.define(function.getInput(i), inputs.get(i).get());
            }
        }
        Map<String, AttributeProto> given = new HashMap<>();
        function.getAttributeProtoList().forEach(a -> given.put(a.getName(), a));
        node.getAttributeList().forEach(a -> given.put(a.getName(), a));
        List<NodeProto> body = function.getNodeList().stream()
                .map(n -> withAttributes(n, given))
                .toList();
        return new GraphImporter(model, inside, ModelImporter.versions(function.getOpsetImportList()), depth + 1)
                .run(body, function.getOutputList(), "function '" + function.getName() + "'");
    }

    /** A function's node with the caller's attributes in place of references to them, in its subgraphs too. */
    private static NodeProto withAttributes(NodeProto node, Map<String, AttributeProto> given) {
        NodeProto.Builder out = node.toBuilder().clearAttribute();
        for (AttributeProto a : node.getAttributeList()) {
            if (!a.getRefAttrName().isEmpty()) {
                AttributeProto value = given.get(a.getRefAttrName());
                if (value != null) {
                    out.addAttribute(value.toBuilder().setName(a.getName()));
                }
            } else if (a.hasG()) {
                GraphProto.Builder graph = a.getG().toBuilder().clearNode();
                a.getG().getNodeList().forEach(n -> graph.addNode(withAttributes(n, given)));
                out.addAttribute(a.toBuilder().setG(graph));
            } else {
                out.addAttribute(a);
            }
        }
        return out.build();
    }

    @Override
    public List<Imported> inline(GraphProto graph, List<Imported> inputs) {
        Scope inside = scope.inner();
        define(inside, graph, inputs);
        return new GraphImporter(model, inside, versions, depth + 1).run(graph);
    }

    private static void define(Scope scope, GraphProto graph, List<Imported> inputs) {
        if (graph.getInputCount() != inputs.size()) {
            throw ImportException.broken(
                    "graph '%s' has %d inputs, expected %d", graph.getName(), graph.getInputCount(), inputs.size());
        }
        for (int i = 0; i < inputs.size(); i++) {
            scope.define(graph.getInput(i).getName(), inputs.get(i));
        }
    }

    @Override
    public LoopBody body(GraphProto graph, List<TensorType> types) {
        GraphBuilder b = new GraphBuilder(graph.getName().isEmpty() ? "body" : graph.getName());
        Writer writer = new Writer(b);
        Scope inside = scope.body(writer);
        List<Imported> inputs = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            inputs.add(new Imported.Computed(b.input("in." + i, types.get(i))));
        }
        define(inside, graph, inputs);
        List<Imported> outputs = new GraphImporter(model, inside, versions, depth + 1).run(graph);
        for (int i = 0; i < outputs.size(); i++) {
            b.result("out." + i, writer.value(outputs.get(i)));
        }
        List<Value> captured = inside.captured();
        return new LoopBody(b.build(), outputs, captured);
    }

    @Override
    public Tensor tensor(SparseTensorProto proto) {
        return model.constants().of(proto);
    }

    @Override
    public Tensor tensor(TensorProto proto) {
        return model.constants().of(proto);
    }
}
