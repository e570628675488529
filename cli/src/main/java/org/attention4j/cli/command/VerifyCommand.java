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
import org.attention4j.cli.verify.VerifyOps;
import org.attention4j.cli.verify.VerifyReport;
import org.attention4j.cli.verify.VerifyResult;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
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

    @Option(
            names = "--golden",
            required = true,
            paramLabel = "DIR",
            description = "The directory with the cases; its index is index.jsonl.")
    private Path golden;

    @Option(names = "--kind", paramLabel = "KIND", description = "op, model or gguf. Default: all.")
    private Optional<Kind> kind;

    @Option(names = "--family", paramLabel = "NAME", description = "Only ops of this family, such as softmax.")
    private Optional<String> family;

    @Option(names = "--op", paramLabel = "NAME", description = "Only this op or, with models, the model of this name.")
    private Optional<String> op;

    @Mixin
    private BackendOption backend;

    @Mixin
    private JsonOption json;

    /** The lines about skipped cases; an op with many cases has one. */
    private final Set<String> skipped = new HashSet<>();

    @Override
    public Integer call() throws IOException {
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
            if (cases.isEmpty()) {
                throw new IllegalArgumentException("%s: no case is chosen by these options".formatted(golden));
            }
            return report(VerifyReport.of(verified.name(), cases));
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
        results.forEach(r -> {
            cases.add(VerifyReport.Case.of(k.name().toLowerCase(Locale.ROOT), r));
            if (!json.replacesText()) {
                print(r);
            }
        });
    }

    private void print(VerifyResult r) {
        PrintWriter out = spec.commandLine().getOut();
        boolean worthALine = switch (r.outcome()) {
            case VerifyResult.Passed p -> false;
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
