package org.attention4j.onnx.custom;

import com.google.common.base.Splitter;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import java.util.Optional;
import org.attention4j.x86.RowFunction;
import org.attention4j.x86.RowFunctionKernel;

/** {@link CustomOps#ROW_FUNCTION}. */
final class RowFunctionNode extends NodeKernel<RowFunctionNode.Node> {
    /**
     * What is known of a node.
     *
     * @param leading how many dims are rows
     * @param ofRows an input that has them
     * @param trailing of each output, the others
     */
    record Node(RowFunctionKernel kernel, int leading, int ofRows, List<ImmutableLongArray> trailing) {}

    @Override
    Node open(NodeInfo info) {
        RowFunction f = RowFunctionText.parse(info.text(CustomOps.FUNCTION));
        List<ImmutableLongArray> trailing = Splitter.on(',')
                .splitToStream(info.text(CustomOps.TRAILING))
                .map(RowFunctionNode::dims)
                .toList();
        return new Node(
                new RowFunctionKernel(f),
                Math.toIntExact(info.integer(CustomOps.LEADING)),
                Math.toIntExact(info.integer(CustomOps.ROWS_OF)),
                trailing);
    }

    private static ImmutableLongArray dims(String text) {
        return ImmutableLongArray.copyOf(
                Splitter.on('x').omitEmptyStrings().splitToStream(text).mapToLong(Long::parseLong));
    }

    @Override
    Optional<OneRowNode> oneRow(Node node) {
        List<ImmutableLongArray> outputs = node.trailing().stream()
                .map(dims -> OneRowNode.ones(node.leading(), dims))
                .toList();
        ImmutableLongArray first = OneRowNode.ones(node.leading(), ImmutableLongArray.of());
        return Optional.of(new OneRowNode(
                node.kernel().oneRow(), node.ofRows(), new OneRowNode.Dims.First(first, false, outputs)));
    }

    @Override
    void compute(Node node, KernelCall call) throws Throwable {
        RowFunction f = node.kernel().function();
        int numInputs = f.inputs().size();
        long[] operands = new long[numInputs + f.outputs().size()];
        for (int i = 0; i < numInputs; i++) {
            if (i != node.ofRows()) {
                operands[i] = call.elementsOf(i);
            }
        }
        operands[node.ofRows()] = call.input(node.ofRows());
        long rows = call.elements(node.leading());
        for (int i = 0; i < f.outputs().size(); i++) {
            operands[numInputs + i] =
                    call.output(i, node.leading(), node.trailing().get(i));
        }
        node.kernel().run(operands, rows, call.scratch(node.kernel().scratchBytes()), call);
    }
}
