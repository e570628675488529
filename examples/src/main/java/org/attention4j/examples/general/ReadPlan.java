package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Looks which backends are ready, chooses one, and reads what it would make of a model, without compiling it: for each kind of op
 * the lowering that it takes, and of those that would be better why not. A lowering computes an op in the backend's own way;
 * {@code decomposed} runs the op's definition, primitive by primitive.
 */
@AutoService(Sample.class)
public final class ReadPlan implements Sample {
    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String description() {
        return "chooses a backend and reads how it would compute each op of a model, and why";
    }

    @Override
    public String options() {
        return "[--model PATH] [--backend NAME]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        for (Backend.Provider provider : Backends.providers()) {
            out.printf(
                    "backend %s: %s%n",
                    provider.name(),
                    switch (provider.probe()) {
                        case Probe.Ready ready -> "ready";
                        case Probe.Missing(String reason, String remedy) -> reason + "; " + remedy;
                    });
        }
        String location = arguments.option("model").orElse("builtin:hybrid");
        try (ModelFiles files = ModelFiles.open(location);
                Backend backend = arguments
                        .option("backend")
                        .map(name -> Backends.create(name, BackendOptions.DEFAULT))
                        .orElseGet(() -> Backends.createDefault(BackendOptions.DEFAULT))) {
            int contextLength = files.contextLength(OptionalInt.empty());
            Plan plan = files.plan(backend, CompileOptions.DEFAULT, contextLength);
            out.printf("%s on %s, device %s:%n", location, plan.backend(), plan.device());
            Map<String, List<Plan.Choice>> kinds = plan.choices().stream()
                    .collect(Collectors.groupingBy(
                            c -> "%s -> %s".formatted(c.op(), c.lowering()), LinkedHashMap::new, Collectors.toList()));
            kinds.forEach((kind, choices) -> {
                out.printf(Locale.ROOT, "%4d x %s%n", choices.size(), kind);
                choices.stream()
                        .flatMap(c -> c.refusals().stream())
                        .distinct()
                        .forEach(r -> out.printf("         not %s: %s%n", r.lowering(), r.reason()));
            });
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new ReadPlan(), args);
    }
}
