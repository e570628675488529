package org.attention4j.cli.inspect;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.attention4j.cli.report.Units;

/** An inspection as text. */
public final class InspectionPrinter {
    private InspectionPrinter() {}

    /** Prints the model, its tensors, one line per layer, its states and the plan. */
    public static void print(Inspection i, PrintWriter out) {
        out.println("model         " + i.path() + " (" + i.format() + ")");
        out.println("architecture  " + i.architecture() + (i.name().isEmpty() ? "" : ", " + i.name()));
        out.println("parameters    " + Units.count(i.parameters()));
        out.println("vocabulary    %s tokens, hidden size %d, trained for %s tokens"
                .formatted(Units.count(i.vocabSize()), i.hiddenSize(), Units.count(i.contextLength())));
        out.println("tokenizer     " + line(i.tokenizer()));
        out.println("weights       " + Units.bytes(i.weightBytes()));
        i.tensorTypes().forEach(t -> print(t, out));
        printLayers(i.layers(), out);
        out.println(Units.format(
                "states        %s for a context of %s tokens", Units.bytes(i.stateBytes()), Units.count(i.context())));
        printPlan(i.plan(), out);
        i.plan().launches().ifPresent(l -> printLaunches(l, i.stateBytes() == 0 ? "text" : "token", out));
    }

    /** Prints the tensors of one type. */
    static void print(Inspection.TensorType t, PrintWriter out) {
        out.println(Units.format(
                "  %-7s %4d tensors, %s parameters, %s",
                t.type(), t.tensors(), Units.count(t.parameters()), Units.bytes(t.bytes())));
    }

    private static String line(TokenizerSummary t) {
        return t.kind()
                .map(kind -> "%s, %s tokens, %d of them special".formatted(kind, Units.count(t.tokens()), t.special()))
                .orElseGet(() -> "none: " + t.problem().orElse("not read"));
    }

    private static void printLayers(List<Inspection.Layer> layers, PrintWriter out) {
        int mixer = width(layers, l -> l.mixer().length());
        int description = width(layers, l -> l.description().length());
        int state = width(layers, l -> l.state().length());
        String line = "  %3d  %-" + mixer + "s  %-" + description + "s  %-" + state + "s  %s";
        out.println("layers");
        layers.forEach(l -> out.println(
                Units.format(line, l.index(), l.mixer(), l.description(), l.state(), Units.bytes(l.stateBytes()))));
    }

    private static void printPlan(Inspection.PlanSummary plan, PrintWriter out) {
        out.println("plan          " + plan.backend() + " on " + plan.device());
        int op = width(plan.choices(), c -> c.op().length());
        String line = "  %4d × %-" + op + "s → %s%s, first %s";
        for (Inspection.Choice c : plan.choices()) {
            String note = c.note().isEmpty() ? "" : " (" + c.note() + ")";
            out.println(Units.format(line, c.count(), c.op(), c.lowering(), note, c.first()));
            c.refusals().forEach(r -> out.println("         not " + r.lowering() + ": " + r.reason()));
        }
    }

    private static void printLaunches(LaunchSummary launches, String what, PrintWriter out) {
        String kernels = launches.kernels().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(e -> e.getValue() + " × " + e.getKey())
                .collect(Collectors.joining(", "));
        out.println("launches      %d per %s, at most %d per layer (%s)"
                .formatted(launches.total(), what, launches.mostOfALayer(), kernels));
    }

    private static <T> int width(List<T> rows, ToIntFunction<T> length) {
        return Math.max(1, rows.stream().mapToInt(length).max().orElse(1));
    }
}
