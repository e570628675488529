package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.onnx.proto.NodeProto;

/**
 * Rows that a {@code Split} hands out in numbers which are known only when the graph runs, as to the experts of a mixture. What
 * becomes of each group is collected, and when a {@code Concat} joins all of them again, it is written as one loop over the rows
 * ({@link RowLoop}): so no value of a size that depends on data comes into the graph.
 */
final class RowGroups {
    private static final int MOST_GROUPS = 1 << 14;

    private final Map<String, Piece> pieces = new HashMap<>();

    /**
     * A split of rows.
     *
     * @param rows what is split along its first axis
     * @param counts I64, the number of rows of each group
     * @param names of the groups
     */
    record Split(Imported rows, Imported counts, List<String> names) {
        Split {
            names = ImmutableList.copyOf(names);
        }
    }

    /**
     * What is made of one group.
     *
     * @param nodes that make it, in order
     * @param name of what the last one gives
     */
    record Piece(Split split, int group, List<NodeProto> nodes, String name) {
        Piece {
            nodes = ImmutableList.copyOf(nodes);
        }
    }

    /** Whether the node begins groups. */
    static boolean begins(NodeProto node, String domain, List<Optional<Imported>> inputs) {
        return node.getOpType().equals("Split")
                && domain.equals(OperatorTable.ONNX)
                && inputs.size() == 2
                && inputs.get(1).filter(Imported.Computed.class::isInstance).isPresent()
                && node.getAttributeList().stream().noneMatch(a -> a.getName().equals("axis") && a.getI() != 0);
    }

    /** Begins groups with a node that {@link #begins} holds for. */
    void begin(NodeProto node, List<Optional<Imported>> inputs) {
        if (node.getOutputCount() > MOST_GROUPS) {
            throw ImportException.broken("Split: %d parts, expected at most %d", node.getOutputCount(), MOST_GROUPS);
        }
        Split split = new Split(inputs.get(0).orElseThrow(), inputs.get(1).orElseThrow(), node.getOutputList());
        for (int i = 0; i < split.names.size(); i++) {
            String name = split.names.get(i);
            pieces.put(name, new Piece(split, i, List.of(), name));
        }
    }

    /** Whether a name stands for what is made of a group. */
    boolean has(String name) {
        return pieces.containsKey(name);
    }

    /** Whether the node reads what is made of a group. */
    boolean concern(NodeProto node) {
        return !pieces.isEmpty() && node.getInputList().stream().anyMatch(this::has);
    }

    /** Takes a node that {@link #concern} holds for; of one that joins all groups again, what it joins. */
    Optional<List<Piece>> take(NodeProto node) {
        List<Piece> read = new ArrayList<>();
        for (String name : node.getInputList()) {
            Optional.ofNullable(pieces.get(name)).ifPresent(read::add);
        }
        Piece first = read.getFirst();
        if (read.stream().allMatch(p -> p.split.equals(first.split) && p.group == first.group)) {
            List<NodeProto> nodes = new ArrayList<>();
            read.forEach(p -> p.nodes.stream().filter(n -> !nodes.contains(n)).forEach(nodes::add));
            nodes.add(node);
            node.getOutputList().forEach(name -> pieces.put(name, new Piece(first.split, first.group, nodes, name)));
            return Optional.empty();
        }
        if (!joins(node, read)) {
            throw ImportException.unsupported(
                    "%s: it reads groups of rows whose sizes depend on values, and doesn't join all of them in order",
                    OnnxNode.describe(node, 0));
        }
        return Optional.of(read);
    }

    private static boolean joins(NodeProto node, List<Piece> read) {
        Split split = read.getFirst().split;
        boolean all = node.getOpType().equals("Concat")
                && read.size() == node.getInputCount()
                && read.size() == split.names.size()
                && node.getAttributeList().stream().anyMatch(a -> a.getName().equals("axis") && a.getI() == 0);
        for (int i = 0; all && i < read.size(); i++) {
            all = read.get(i).split.equals(split) && read.get(i).group == i;
        }
        return all;
    }
}
