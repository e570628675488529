package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.proto.FunctionProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** Imports one model: its graph, with the functions that belong to the model. */
final class ModelImporter {
    private final ModelProto model;
    private final Constants constants;
    private final OperatorTable operators;
    private final Folding folding = new Folding();
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private int nodes;

    /** More nodes than any model has; functions that call functions would make more. */
    private static final int MOST_NODES = 1_000_000;

    ModelImporter(ModelProto model, Constants constants, OperatorTable operators) {
        this.model = model;
        this.constants = constants;
        this.operators = operators;
        for (FunctionProto f : model.getFunctionsList()) {
            functions.put(key(f.getDomain(), f.getName(), f.getOverload()), f);
        }
    }

    static String key(String domain, String name, String overload) {
        return normal(domain) + ":" + name + ":" + overload;
    }

    /** ONNX's own domain has two names. */
    static String normal(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    Constants constants() {
        return constants;
    }

    OperatorTable operators() {
        return operators;
    }

    Folding folding() {
        return folding;
    }

    Map<String, FunctionProto> functions() {
        return functions;
    }

    void countNode() {
        if (++nodes > MOST_NODES) {
            throw ImportException.broken("the functions come to more than %d nodes", MOST_NODES);
        }
    }

    static Map<String, Long> versions(List<OperatorSetIdProto> imports) {
        Map<String, Long> versions = new HashMap<>();
        imports.forEach(i -> versions.merge(normal(i.getDomain()), i.getVersion(), Math::max));
        return versions;
    }

    /**
     * The graph.
     *
     * @param known sizes of some symbols
     * @throws DimsEqual if a symbol has to be another one
     */
    Graph run(String name, Map<String, Dim> known) {
        GraphProto graph = model.getGraph();
        GraphBuilder b = new GraphBuilder(name);
        Scope scope = new Scope(new Writer(b));
        Set<String> initializers = new HashSet<>();
        graph.getInitializerList().forEach(t -> initializers.add(t.getName()));
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initializers.contains(input.getName())) {
                Value v = b.input(input.getName(), InputTypes.of(input, known));
                scope.define(input.getName(), new Imported.Computed(v));
            }
        }
        GraphImporter importer = new GraphImporter(this, scope, versions(model.getOpsetImportList()), 0);
        List<Imported> outputs = importer.run(graph);
        for (int i = 0; i < outputs.size(); i++) {
            b.result(graph.getOutput(i).getName(), scope.writer().value(outputs.get(i)));
        }
        return b.build();
    }

    /** The names of a graph's outputs. */
    static List<String> outputs(GraphProto graph) {
        List<String> names = new ArrayList<>();
        graph.getOutputList().forEach(o -> names.add(o.getName()));
        return names;
    }
}
