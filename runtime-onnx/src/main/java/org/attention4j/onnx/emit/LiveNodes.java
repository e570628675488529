package org.attention4j.onnx.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** Graphs without nodes and small constants that nothing reads: ONNX Runtime would run the ones and warn of the others. */
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
        if (live.size() == graph.getNodeCount()) {
            return graph;
        }
        GraphProto.Builder out =
                graph.toBuilder().clearNode().addAllNode(live.reversed()).clearInitializer();
        graph.getInitializerList().stream()
                .filter(t -> read.contains(t.getName()))
                .forEach(out::addInitializer);
        return out.build();
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
