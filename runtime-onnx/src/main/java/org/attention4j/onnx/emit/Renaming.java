package org.attention4j.onnx.emit;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;

/** Gives values of a graph other names, also where the bodies of its loops read them. Names are unique in a whole model. */
final class Renaming {
    private final ImmutableMap<String, String> names;

    Renaming(Map<String, String> names) {
        this.names = ImmutableMap.copyOf(names);
    }

    GraphProto apply(GraphProto graph) {
        GraphProto.Builder out = graph.toBuilder().clearNode();
        graph.getNodeList().forEach(node -> out.addNode(apply(node)));
        return out.build();
    }

    private NodeProto apply(NodeProto node) {
        NodeProto.Builder out = node.toBuilder().clearInput().clearOutput().clearAttribute();
        node.getInputList().forEach(name -> out.addInput(names.getOrDefault(name, name)));
        node.getOutputList().forEach(name -> out.addOutput(names.getOrDefault(name, name)));
        for (AttributeProto a : node.getAttributeList()) {
            out.addAttribute(a.hasG() ? a.toBuilder().setG(apply(a.getG())).build() : a);
        }
        return out.build();
    }
}
