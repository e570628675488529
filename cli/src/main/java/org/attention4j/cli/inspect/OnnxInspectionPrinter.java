package org.attention4j.cli.inspect;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attention4j.cli.report.Units;
import org.attention4j.loaders.onnxmodel.OnnxSummary;

/** What an ONNX file holds, as text. */
public final class OnnxInspectionPrinter {
    private OnnxInspectionPrinter() {}

    /** Prints the file, its inputs, outputs, operators and weights, whether it is imported, and the decoder that it is. */
    public static void print(OnnxInspection i, PrintWriter out) {
        out.println("file          " + i.path() + (i.producer().isEmpty() ? "" : ", by " + i.producer()));
        out.println("versions      "
                + i.versions().entrySet().stream()
                        .map(v -> v.getKey() + " " + v.getValue())
                        .collect(Collectors.joining(", ")));
        Map<String, String> next = new HashMap<>();
        i.states().forEach(s -> next.put(s.input(), ", state, next value " + s.output()));
        printPorts("inputs", i.inputs(), next, out);
        printPorts("outputs", i.outputs(), Map.of(), out);
        out.println("states        "
                + (i.states().isEmpty() ? "none" : Units.count(i.states().size())));
        out.println("operators     " + Units.count(total(i.operators())) + " nodes");
        i.operators().forEach((operator, n) -> out.println("  " + operator + " ×" + n));
        out.println("weights       "
                + Units.bytes(i.tensorTypes().stream()
                        .mapToLong(Inspection.TensorType::bytes)
                        .sum()));
        i.tensorTypes().forEach(t -> InspectionPrinter.print(t, out));
        out.println("import        "
                + i.importRefusal().map(why -> "refused: " + why).orElseGet(() -> imported(i)));
        i.decoder().ifPresent(d -> InspectionPrinter.print(d, out));
        i.decoderRefusal().ifPresent(why -> out.println("decoder       none: " + why));
    }

    private static void printPorts(
            String title, List<OnnxSummary.Port> ports, Map<String, String> next, PrintWriter out) {
        out.println(title);
        ports.forEach(p -> out.println("  " + p.name() + " " + p.type() + next.getOrDefault(p.name(), "")));
    }

    private static String imported(OnnxInspection i) {
        return i.imported().entrySet().stream()
                .map(op -> op.getValue() + " × " + op.getKey())
                .collect(Collectors.joining(", ", "%s ops: ".formatted(Units.count(total(i.imported()))), ""));
    }

    private static long total(Map<String, Integer> counts) {
        return counts.values().stream().mapToLong(n -> n).sum();
    }
}
