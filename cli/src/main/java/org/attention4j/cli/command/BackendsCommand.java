package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Probe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what can run models here, and how to get what can't. */
@AutoService(CliCommand.class)
@Command(name = "backends", description = "Lists the backends: what is ready, on which devices, and what is missing.")
public final class BackendsCommand implements CliCommand {
    /**
     * One backend, in the order in which they are chosen.
     *
     * @param reason what is missing; empty if it is ready
     * @param remedy how to get it; empty if it is ready
     */
    record Entry(String name, boolean ready, List<Device> devices, String reason, String remedy) {
        static Entry of(Backend.Provider provider) {
            return switch (provider.probe()) {
                case Probe.Ready(List<Device> devices) -> new Entry(provider.name(), true, devices, "", "");
                case Probe.Missing(String reason, String remedy) ->
                    new Entry(provider.name(), false, List.of(), reason, remedy);
            };
        }
    }

    /** The JSON result. */
    record Result(List<Entry> backends) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Entry> entries = Backends.providers().stream().map(Entry::of).toList();
        if (!json.replacesText()) {
            entries.forEach(e -> print(e, out));
            out.flush();
        }
        json.write(new Result(entries), out);
        return 0;
    }

    private static void print(Entry e, PrintWriter out) {
        if (e.ready()) {
            out.println(e.name() + ": ready");
            e.devices().forEach(d -> out.println("  " + d.id() + "  " + d.description()));
        } else {
            out.println(e.name() + ": not ready: " + e.reason());
            out.println("  " + e.remedy());
        }
    }
}
