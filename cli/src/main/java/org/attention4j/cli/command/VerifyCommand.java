package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.BackendOption;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.verify.GoldenIndex;
import org.attention4j.cli.verify.VerifyModels;
import org.attention4j.cli.verify.VerifyOnnxGraphs;
import org.attention4j.cli.verify.VerifyOnnxNodes;
import org.attention4j.cli.verify.VerifyOps;
import org.attention4j.cli.verify.VerifyReport;
import org.attention4j.cli.verify.VerifyResult;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares a backend with what other people's code computed. */
@AutoService(CliCommand.class)
@Command(name = "verify", description = "Runs recorded cases on a backend and compares the results.")
public final class VerifyCommand implements CliCommand {
    /** What {@code --kind} takes. */
    enum Kind {
        OP,
        MODEL,
        GGUF
    }

    @Spec
    private CommandSpec spec;

    /** Where the cases are: one of these. */
    static final class Cases {
        @Option(
                names = "--golden",
                paramLabel = "DIR",
                description = "A directory with recorded cases; its index is index.jsonl.")
        private Optional<Path> golden = Optional.empty();

        @Option(
                names = "--onnx-node",
                paramLabel = "DIR",
                description = "A directory with ONNX's tests of single operators, which are imported.")
        private Optional<Path> onnxNode = Optional.empty();

        @Option(
                names = "--onnx-graphs",
                paramLabel = "DIR",
                description =
                        "A directory with ONNX files, which are imported and compared with ONNX Runtime's own run.")
        private Optional<Path> onnxGraphs = Optional.empty();
    }

    @ArgGroup(multiplicity = "1")
    private Cases from = new Cases();

    @Option(names = "--kind", paramLabel = "KIND", description = "op, model or gguf. Default: all.")
    private Optional<Kind> kind;

    @Option(names = "--family", paramLabel = "NAME", description = "Only ops of this family, such as softmax.")
    private Optional<String> family;

    @Option(
            names = "--op",
            paramLabel = "NAME",
            description = "Only this op or, with models and ONNX files, that of this name.")
    private Optional<String> op;

    @Mixin
    private BackendOption backend;

    @Mixin
    private JsonOption json;

    /** The lines about skipped cases; an op with many cases has one. */
    private final Set<String> skipped = new HashSet<>();

    @Override
    public Integer call() throws IOException {
        if (from.golden.isEmpty() && from.onnxNode.isEmpty() && from.onnxGraphs.isEmpty()) {
            throw new IllegalArgumentException("got no cases, expected one of --golden, --onnx-node and --onnx-graphs");
        }
        if (from.golden.isPresent()) {
            return golden(from.golden.get());
        }
        List<VerifyReport.Case> cases = new ArrayList<>();
        try (Backend verified = backend.create()) {
            if (from.onnxNode.isPresent()) {
                Path directory = from.onnxNode.get();
                add(cases, "onnx-node", new VerifyOnnxNodes(verified).run(directory, name -> matches(op, name)));
                return report(verified, directory, cases);
            }
            Path directory = from.onnxGraphs.orElseThrow();
            add(cases, "onnx-graph", new VerifyOnnxGraphs(verified).run(directory, name -> matches(op, name)));
            return report(verified, directory, cases);
        }
    }

    private int report(Backend verified, Path directory, List<VerifyReport.Case> cases) throws IOException {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("%s: no case is chosen by these options".formatted(directory));
        }
        return report(VerifyReport.of(verified.name(), cases));
    }

    private int golden(Path golden) throws IOException {
        GoldenIndex index = GoldenIndex.read(golden);
        List<VerifyReport.Case> cases = new ArrayList<>();
        try (Backend verified = backend.create();
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT)) {
            VerifyModels models = new VerifyModels(verified, reference);
            if (runs(Kind.OP)) {
                add(
                        cases,
                        Kind.OP,
                        new VerifyOps(verified).run(index, c -> matches(family, c.family()) && matches(op, c.op())));
            }
            if (runs(Kind.MODEL)) {
                add(cases, Kind.MODEL, models.models(index, m -> matches(op, m.name())));
            }
            if (runs(Kind.GGUF)) {
                add(cases, Kind.GGUF, models.ggufs(index, m -> matches(op, m.name())));
            }
            return report(verified, golden, cases);
        }
    }

    /** Families are of ops alone. */
    private boolean runs(Kind k) {
        return kind.map(k::equals).orElse(k == Kind.OP || family.isEmpty());
    }

    private static boolean matches(Optional<String> wanted, String actual) {
        return wanted.isEmpty() || wanted.get().equals(actual);
    }

    private void add(List<VerifyReport.Case> cases, Kind k, Stream<VerifyResult> results) {
        add(cases, k.name().toLowerCase(Locale.ROOT), results);
    }

    private void add(List<VerifyReport.Case> cases, String kind, Stream<VerifyResult> results) {
        results.forEach(r -> {
            cases.add(VerifyReport.Case.of(kind, r));
            if (!json.replacesText()) {
                print(r);
            }
        });
    }

    private void print(VerifyResult r) {
        PrintWriter out = spec.commandLine().getOut();
        boolean worthALine = switch (r.outcome()) {
            // Of a graph, what it was recognised as is worth telling.
            case VerifyResult.Passed p -> from.onnxGraphs.isPresent();
            case VerifyResult.Failed f -> true;
            case VerifyResult.Skipped s -> skipped.add(r.op() + ": " + s.reason());
        };
        if (worthALine) {
            out.println(r);
            out.flush();
        }
    }

    private int report(VerifyReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        json.write(report, out);
        if (!json.replacesText()) {
            out.println(report.summary());
            out.flush();
        }
        return report.failed() > 0 ? 1 : 0;
    }
}
