package org.attention4j.loaders.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;

/** Which nodes of a graph its outputs need, in an order in which each comes after those that it reads. */
final class NodeOrder {
    private NodeOrder() {}

    /**
     * The needed nodes.
     *
     * @throws ImportException if two nodes give a value of the same name, or nodes wait for each other
     */
    static List<NodeProto> of(List<NodeProto> nodes, Collection<String> outputs, String what) {
        Map<String, Integer> producers = producers(nodes, what);
        List<Set<Integer>> reads = new ArrayList<>();
        for (NodeProto node : nodes) {
            Set<Integer> from = new HashSet<>();
            reads(node).forEach(name -> {
                Integer producer = producers.get(name);
                if (producer != null) {
                    from.add(producer);
                }
            });
            reads.add(from);
        }
        return sorted(nodes, reads, needed(producers, reads, outputs), what);
    }

    private static Map<String, Integer> producers(List<NodeProto> nodes, String what) {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                if (!output.isEmpty() && producers.put(output, i) != null) {
                    throw ImportException.broken("%s: two nodes give a value '%s'", what, output);
                }
            }
        }
        return producers;
    }

    /** The names that a node reads, and those of its subgraphs that are not their own. */
    private static Set<String> reads(NodeProto node) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> own = new HashSet<>();
        Deque<GraphProto> graphs = new ArrayDeque<>();
        addGraphs(node, graphs);
        while (!graphs.isEmpty()) {
            GraphProto graph = graphs.pop();
            graph.getInputList().forEach(i -> own.add(i.getName()));
            graph.getInitializerList().forEach(t -> own.add(t.getName()));
            graph.getOutputList().forEach(o -> names.add(o.getName()));
            for (NodeProto inner : graph.getNodeList()) {
                own.addAll(inner.getOutputList());
                names.addAll(inner.getInputList());
                addGraphs(inner, graphs);
            }
        }
        names.removeAll(own);
        names.addAll(node.getInputList());
        return names;
    }

    private static void addGraphs(NodeProto node, Deque<GraphProto> graphs) {
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                graphs.push(attribute.getG());
            }
            attribute.getGraphsList().forEach(graphs::push);
        }
    }

    private static Set<Integer> needed(
            Map<String, Integer> producers, List<Set<Integer>> reads, Collection<String> outputs) {
        Set<Integer> needed = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (String output : outputs) {
            Integer producer = producers.get(output);
            if (producer != null && needed.add(producer)) {
                open.push(producer);
            }
        }
        while (!open.isEmpty()) {
            for (int from : reads.get(open.pop())) {
                if (needed.add(from)) {
                    open.push(from);
                }
            }
        }
        return needed;
    }

    /** Each as early as it stands in the file, if what it reads is there. */
    private static List<NodeProto> sorted(
            List<NodeProto> nodes, List<Set<Integer>> reads, Set<Integer> needed, String what) {
        Map<Integer, Integer> waiting = new HashMap<>();
        Map<Integer, List<Integer>> readers = new HashMap<>();
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i : needed) {
            waiting.put(i, reads.get(i).size());
            reads.get(i)
                    .forEach(from -> readers.computeIfAbsent(from, k -> new ArrayList<>())
                            .add(i));
            if (reads.get(i).isEmpty()) {
                ready.add(i);
            }
        }
        List<NodeProto> out = new ArrayList<>();
        while (!ready.isEmpty()) {
            int i = ready.remove();
            out.add(nodes.get(i));
            for (int reader : readers.getOrDefault(i, List.of())) {
                if (waiting.merge(reader, -1, Integer::sum) == 0) {
                    ready.add(reader);
                }
            }
        }
        if (out.size() < needed.size()) {
            throw ImportException.broken(
                    "%s: %d nodes wait for each other's outputs in a circle", what, needed.size() - out.size());
        }
        return out;
    }
}
