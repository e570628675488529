package org.attention4j.loaders.onnx;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.AttributeProto.AttributeType;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;

/** The attributes of a node, each of the type that its reader expects, or an error that says which it has. */
public final class NodeAttributes {
    private final NodeProto node;
    private final OnnxNode.Surroundings surroundings;

    NodeAttributes(NodeProto node, OnnxNode.Surroundings surroundings) {
        this.node = node;
        this.surroundings = surroundings;
    }

    /** Whether there is an attribute of this name. */
    public boolean has(String name) {
        return node.getAttributeList().stream().anyMatch(a -> a.getName().equals(name));
    }

    /** An integer. */
    public OptionalLong integer(String name) {
        return find(name, AttributeType.INT).map(a -> OptionalLong.of(a.getI())).orElse(OptionalLong.empty());
    }

    /** A float. */
    public OptionalDouble number(String name) {
        return find(name, AttributeType.FLOAT)
                .map(a -> OptionalDouble.of(a.getF()))
                .orElse(OptionalDouble.empty());
    }

    /** A text. */
    public Optional<String> text(String name) {
        return find(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8());
    }

    /** Integers. */
    public Optional<List<Long>> integers(String name) {
        return find(name, AttributeType.INTS).map(AttributeProto::getIntsList);
    }

    /** Floats. */
    public Optional<List<Float>> numbers(String name) {
        return find(name, AttributeType.FLOATS).map(AttributeProto::getFloatsList);
    }

    /** A tensor; a sparse one is made dense. */
    public Optional<Tensor> tensor(String name) {
        Optional<Tensor> sparse = node.getAttributeList().stream()
                .filter(a -> a.getName().equals(name) && a.getType() == AttributeType.SPARSE_TENSOR)
                .findFirst()
                .map(a -> surroundings.tensor(a.getSparseTensor()));
        return sparse.isPresent() ? sparse : find(name, AttributeType.TENSOR).map(a -> surroundings.tensor(a.getT()));
    }

    /** A graph, which must be there. */
    public GraphProto graph(String name) {
        return find(name, AttributeType.GRAPH)
                .orElseThrow(() -> ImportException.broken("%s: no graph '%s'", OnnxNode.describe(node, 0), name))
                .getG();
    }

    private Optional<AttributeProto> find(String name, AttributeType expected) {
        Optional<AttributeProto> found = node.getAttributeList().stream()
                .filter(a -> a.getName().equals(name))
                .findFirst();
        found.filter(a -> a.hasType() && a.getType() != expected).ifPresent(a -> {
            throw ImportException.broken(
                    "%s: attribute %s is of type %s, expected %s",
                    OnnxNode.describe(node, 0), name, a.getType(), expected);
        });
        return found;
    }
}
