package org.attention4j.loaders.onnx.op;

import java.util.HashMap;
import java.util.Map;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;

/** Loops whose condition is the one that they were given: true, if the loop began. */
final class GivenCondition {
    private GivenCondition() {}

    /** Whether a loop's body gives its second input, the condition, as its first output. */
    static boolean passesOn(GraphProto body) {
        Map<String, String> copies = new HashMap<>();
        for (NodeProto node : body.getNodeList()) {
            if (node.getOpType().equals("Identity") && node.getInputCount() == 1 && node.getOutputCount() == 1) {
                copies.put(node.getOutput(0), node.getInput(0));
            }
        }
        if (body.getInputCount() < 2 || body.getOutputCount() < 1) {
            return false;
        }
        String name = body.getOutput(0).getName();
        for (int i = 0; i <= copies.size() && copies.containsKey(name); i++) {
            name = copies.get(name);
        }
        return name.equals(body.getInput(1).getName());
    }
}
