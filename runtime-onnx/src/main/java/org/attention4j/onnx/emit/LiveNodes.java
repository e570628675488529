package org.attention4j.onnx.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/**
 * Graphs without nodes whose outputs nothing reads, which ONNX Runtime would run all the same, and without the small tensors that only
 * such nodes read, of which it would complain.
 */
final class LiveNodes {
    private LiveNodes() {}

    static GraphProto of(GraphProto graph) {
        Set<String> read = new HashSet<>();
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(read::add);
        List<NodeProto> live = new ArrayList<>();
        for (NodeProto node : graph.getNodeList().reversed()) {
            if (node.getOutputList().stream().anyMatch(read::contains)) {
                live.add(node);
                reads(node, read);
            }
        }
        List<TensorProto> tensors = graph.getInitializerList().stream()
                .filter(t -> read.contains(t.getName()) || t.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
                .toList();
        return live.size() == graph.getNodeCount() && tensors.size() == graph.getInitializerCount()
                ? graph
                : graph.toBuilder()
                        .clearNode()
                        .addAllNode(live.reversed())
                        .clearInitializer()
                        .addAllInitializer(tensors)
                        .build();
    }

    /** What a node reads, and the graphs in it, which see all names around them. */
    private static void reads(NodeProto node, Set<String> read) {
        read.addAll(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                GraphProto inner = attribute.getG();
                inner.getNodeList().forEach(n -> reads(n, read));
                inner.getOutputList().stream().map(ValueInfoProto::getName).forEach(read::add);
            }
        }
    }
}
