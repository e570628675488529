package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;

/** A node of an ONNX graph as its {@link OperatorTable.Operator} sees it: inputs that are imported already, and attributes. */
public final class OnnxNode {
    private final NodeProto proto;
    private final long version;
    private final List<Optional<Imported>> inputs;
    private final Writer writer;
    private final Surroundings surroundings;

    /** What a node may ask of the graph around it. */
    interface Surroundings {
        /** Imports a subgraph in place, with values for its inputs. */
        List<Imported> inline(GraphProto graph, List<Imported> inputs);

        /** Imports a subgraph as the body of a loop. */
        LoopBody body(GraphProto graph, List<TensorType> inputs);

        /** A tensor among the node's attributes. */
        Tensor tensor(TensorProto proto);

        /** A sparse tensor among the node's attributes, made dense. */
        Tensor tensor(SparseTensorProto proto);
    }

    OnnxNode(NodeProto proto, long version, List<Optional<Imported>> inputs, Writer writer, Surroundings surroundings) {
        this.proto = proto;
        this.version = version;
        this.inputs = ImmutableList.copyOf(inputs);
        this.writer = writer;
        this.surroundings = surroundings;
    }

    /** The same node with other inputs, writing to another graph. */
    OnnxNode with(List<Optional<Imported>> others, Writer other) {
        return new OnnxNode(proto, version, others, other, surroundings);
    }

    /** The operator's name. */
    public String type() {
        return proto.getOpType();
    }

    /** The version of the operator's domain that the model is written in. */
    public long version() {
        return version;
    }

    /** Where the operator's ops are appended. */
    public GraphBuilder builder() {
        return writer.builder();
    }

    // Inputs

    /** How many inputs there are, with those left out before the last. */
    public int numInputs() {
        return inputs.size();
    }

    /** Whether there is an input {@code i}: optional ones may be left out. */
    public boolean has(int i) {
        return i < inputs.size() && inputs.get(i).isPresent();
    }

    /** Input {@code i}. */
    public Imported item(int i) {
        if (!has(i)) {
            throw broken("input %d is missing", i);
        }
        return inputs.get(i).orElseThrow();
    }

    List<Optional<Imported>> items() {
        return inputs;
    }

    /** The type of input {@code i}. */
    public TensorType type(int i) {
        return item(i).type();
    }

    /** Input {@code i} as a value of the graph. */
    public Value input(int i) {
        return writer.value(item(i));
    }

    /** Input {@code i} as a value of the graph, if there is one. */
    public Optional<Value> find(int i) {
        return has(i) ? Optional.of(input(i)) : Optional.empty();
    }

    /** Something imported as a value of the graph. */
    public Value value(Imported item) {
        return writer.value(item);
    }

    /** Input {@code i} if it is a tensor that is known. */
    public Optional<Tensor> constant(int i) {
        return has(i) && item(i) instanceof Imported.Constant(String label, Tensor tensor)
                ? Optional.of(tensor)
                : Optional.empty();
    }

    /** Input {@code i}, which must be known: integers. */
    public long[] longs(int i) {
        return sizes(i).stream()
                .mapToLong(d -> {
                    if (d instanceof Dim.Fixed(long n)) {
                        return n;
                    }
                    throw unsupported("input %d depends on the size %s, expected numbers", i, d);
                })
                .toArray();
    }

    /** Input {@code i}, which must be known: integers that may be symbolic sizes. */
    public List<Dim> sizes(int i) {
        return SizeMath.sizes(item(i))
                .map(Imported.Sizes::elements)
                .orElseThrow(() -> unsupported(
                        "input %d is computed when the graph runs (%s), but has to be known before", i, type(i)));
    }

    /** Input {@code i}, which must be known: one integer that may be a symbolic size. */
    public Dim size(int i) {
        List<Dim> sizes = sizes(i);
        if (sizes.size() != 1) {
            throw broken("input %d has %d elements, expected one", i, sizes.size());
        }
        return sizes.getFirst();
    }

    // Attributes and outputs

    /** The attributes. */
    public NodeAttributes attributes() {
        return new NodeAttributes(proto, surroundings);
    }

    /** What the node's metadata have under this key. */
    public Optional<String> metadata(String key) {
        return proto.getMetadataPropsList().stream()
                .filter(p -> p.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst();
    }

    /** An integer attribute. */
    public long attribute(String name, long otherwise) {
        return attributes().integer(name).orElse(otherwise);
    }

    /** A boolean attribute, which ONNX has as an integer. */
    public boolean flag(String name, boolean otherwise) {
        return attribute(name, otherwise ? 1 : 0) != 0;
    }

    /** A float attribute. */
    public double attribute(String name, double otherwise) {
        return attributes().number(name).orElse(otherwise);
    }

    /** A text attribute. */
    public String attribute(String name, String otherwise) {
        return attributes().text(name).orElse(otherwise);
    }

    /** An axis attribute, counted from the first. */
    public int axis(String name, long otherwise, int rank) {
        return axis(attribute(name, otherwise), rank);
    }

    /** An axis, counted from the first. */
    public int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw broken("axis %d of %d dimensions", axis, rank);
        }
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }

    /** How many outputs the node names, with those left out before the last. */
    public int numOutputs() {
        return proto.getOutputCount();
    }

    /** Whether the node names an output {@code i}. */
    public boolean gives(int i) {
        return i < proto.getOutputCount() && !proto.getOutput(i).isEmpty();
    }

    // Subgraphs

    boolean hasGraphs() {
        return proto.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0);
    }

    /** Imports a subgraph in place of the node. */
    public List<Imported> inline(GraphProto graph, List<Imported> graphInputs) {
        return surroundings.inline(graph, graphInputs);
    }

    /** Imports a subgraph as the body of a loop. */
    public LoopBody body(GraphProto graph, List<TensorType> graphInputs) {
        return surroundings.body(graph, graphInputs);
    }

    // Sizes and failures

    /** Says that two sizes are the same; if they can be, symbols become what makes them so. */
    public void equal(Dim a, Dim b) {
        DimsEqual.require(a, b, describe());
    }

    /** Says that the sizes of two values are the same. */
    public void equal(List<Dim> a, List<Dim> b) {
        if (a.size() != b.size()) {
            throw broken("dimensions %s and %s, expected equally many", a, b);
        }
        for (int i = 0; i < a.size(); i++) {
            equal(a.get(i), b.get(i));
        }
    }

    /** Says that two values broadcast against each other: where both sizes are not 1, they are the same. */
    public void broadcast(List<Dim> a, List<Dim> b) {
        for (int i = 1; i <= Math.min(a.size(), b.size()); i++) {
            Dim x = a.get(a.size() - i);
            Dim y = b.get(b.size() - i);
            if (!x.equals(y) && !x.equals(Dim.of(1)) && !y.equals(Dim.of(1))) {
                equal(x, y);
            }
        }
    }

    /** A size that has to be known. */
    public int fixed(Dim dim, String what) {
        if (dim instanceof Dim.Fixed(long n) && n >= 0 && n <= Integer.MAX_VALUE) {
            return (int) n;
        }
        throw unsupported("%s is %s, expected a number", what, dim);
    }

    /** A refusal: what the node asks for can't be expressed. */
    public RuntimeException unsupported(String reason, Object... args) {
        return ImportException.unsupported("%s: %s", describe(), reason.formatted(args));
    }

    /** A refusal: the node is not what ONNX says. */
    public RuntimeException broken(String reason, Object... args) {
        return ImportException.broken("%s: %s", describe(), reason.formatted(args));
    }

    /** The node's name, operator, domain and version. */
    String describe() {
        return describe(proto, version);
    }

    static String describe(NodeProto proto, long version) {
        String name = proto.getName().isEmpty() && proto.getOutputCount() > 0 ? proto.getOutput(0) : proto.getName();
        String domain = proto.getDomain().isEmpty() ? "ai.onnx" : proto.getDomain();
        return "node '%s' (%s of %s %d)"
                .formatted(shortened(name), shortened(proto.getOpType()), shortened(domain), version);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** Computed values as what an operator returns. */
    public static List<Imported> computed(List<Value> values) {
        List<Imported> out = new ArrayList<>();
        values.forEach(v -> out.add(new Imported.Computed(v)));
        return out;
    }
}
