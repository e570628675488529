package org.attention4j.benchmarks.accuracy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.attention4j.LanguageModel;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.Probe;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs texts through models in several ways and prints how far each is from the reference backend, as a table in Markdown. */
@Command(
        name = "accuracy",
        mixinStandardHelpOptions = true,
        description = "Compares logits and perplexity of backends, settings and pins with the reference backend's.",
        footer = {"", "Exit codes: 0 done, 1 a way that was asked for could not be run, 2 bad usage or bad input."})
public final class Accuracy implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    /** Documents lie between empty lines. */
    private static final Splitter DOCUMENTS =
            Splitter.on(Pattern.compile("\\R\\s*\\R")).trimResults().omitEmptyStrings();

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "Files, directories, or builtin:NAME.")
    private List<String> models = List.of();

    @Option(
            names = "--text",
            required = true,
            paramLabel = "FILE",
            description = "Texts with empty lines between them; each gets a session of its own.")
    private Path text;

    @Option(
            names = "--way",
            paramLabel = "WAY",
            description = "BACKEND [SETTING=VALUE | pin:OP=LOWERING]..., may be given more than once."
                    + " Default: onnx with several settings and pins, and tornado where it is ready.")
    private List<String> ways = List.of();

    private Accuracy() {}

    /** Prints the table and ends the process with its exit code. */
    public static void main(String[] args) {
        CommandLine command = commandLine();
        command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        System.exit(command.execute(args));
    }

    /** The command. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Accuracy());
        command.setExecutionExceptionHandler((e, line, _) -> switch (e) {
            case NoSuchFileException missing -> complain(line, missing.getFile() + ": no such file or directory");
            case IllegalArgumentException _, IOException _ -> complain(line, String.valueOf(e.getMessage()));
            default -> throw e;
        });
        return command;
    }

    private static int complain(CommandLine command, String message) {
        command.getErr().println("accuracy: " + message);
        command.getErr().flush();
        return BAD_INPUT;
    }

    @Override
    public Integer call() throws IOException {
        List<Way> all = ways.isEmpty() ? usual() : ways.stream().map(Way::parse).toList();
        List<String> texts = ImmutableList.copyOf(DOCUMENTS.split(Files.readString(text)));
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(text + ": got no text, expected one at least");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("| model | way | greatest difference | mean difference | perplexity | change | same top token |");
        out.println("| --- | --- | --- | --- | --- | --- | --- |");
        boolean failed = false;
        for (String model : models) {
            Logits reference = run(Way.REFERENCE, model, texts);
            tell("%s: %d tokens of %d texts", model, reference.tokens(), texts.size());
            row(model, Way.REFERENCE, "", "", number("%.5f", reference.perplexity()), "", "");
            for (Way way : all) {
                try {
                    Difference d = Difference.between(run(way, model, texts), reference);
                    row(
                            model,
                            way,
                            number("%.1e", d.greatest()),
                            number("%.1e", d.mean()),
                            number("%.5f", d.perplexity()),
                            number("%+.4f %%", 100 * d.perplexityChange()),
                            number("%.2f %%", 100 * d.sameTop()));
                } catch (BackendException e) {
                    tell("%s, %s: %s", model, way, String.valueOf(e.getMessage()));
                    failed |= !ways.isEmpty();
                }
            }
        }
        return failed ? FAILED : 0;
    }

    /** Those whose backend is ready; of the others it is told why not. */
    private List<Way> usual() {
        Set<String> ready = new HashSet<>();
        for (Backend.Provider provider : Backends.providers()) {
            switch (provider.probe()) {
                case Probe.Ready _ -> ready.add(provider.name());
                case Probe.Missing(String reason, String _) -> tell("%s is left out: %s", provider.name(), reason);
            }
        }
        return Way.USUAL.stream().filter(way -> ready.contains(way.backend())).toList();
    }

    private void tell(String pattern, Object... args) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("accuracy: " + pattern.formatted(args));
        err.flush();
    }

    private static Logits run(Way way, String location, List<String> texts) {
        try (LanguageModel model = way.open(location)) {
            return Logits.of(model, texts);
        }
    }

    private void row(String model, Way way, String... cells) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("| %s | `%s` | %s |".formatted(model, way, String.join(" | ", cells)));
        out.flush();
    }

    private static String number(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
