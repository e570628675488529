package org.attention4j.core.ir;

import java.util.stream.Collectors;

/** Prints graphs: one op a line, with its attributes, inputs and result types. Constants print their type only. */
public final class GraphPrinter {
    private GraphPrinter() {}

    /** The whole graph. */
    public static String print(Graph graph) {
        StringBuilder out = new StringBuilder();
        print(graph, "", out);
        return out.toString();
    }

    private static void print(Graph graph, String indent, StringBuilder out) {
        out.append(indent).append("graph ").append(graph.name()).append('(');
        out.append(graph.inputs().stream().map(Value::toString).collect(Collectors.joining(", ")));
        out.append(") {\n");
        for (Op op : graph.ops()) {
            out.append(indent).append("  ").append(print(op)).append('\n');
            if (op instanceof Scan scan) {
                print(scan.body(), indent + "    ", out);
            }
        }
        graph.results()
                .forEach((name, v) -> out.append(indent)
                        .append("  result ")
                        .append(name)
                        .append(" = %")
                        .append(v.id())
                        .append('\n'));
        out.append(indent).append("}\n");
    }

    /** One op, without a scan's body. */
    public static String print(Op op) {
        String outputs = op.outputs().stream().map(Value::toString).collect(Collectors.joining(", "));
        String inputs = op.inputs().stream().map(v -> "%" + v.id()).collect(Collectors.joining(", ", "(", ")"));
        return outputs + " = " + kind(op) + inputs;
    }

    private static String kind(Op op) {
        return switch (op) {
            case Primitive p when p.op() instanceof PrimitiveOp.Constant -> "constant";
            case Primitive p -> p.name() + attributes(p.op());
            case Composite c -> "@" + c.name() + attributes(c.op());
            case Scan s -> "scan[carried=%d, scanned=%d, axis=%d]".formatted(s.numCarried(), s.numScanned(), s.axis());
        };
    }

    private static String attributes(Object op) {
        String text = op.toString();
        int open = text.indexOf('[');
        return open < 0 || text.endsWith("[]") ? "" : text.substring(open);
    }
}
