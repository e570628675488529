package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.attention4j.cli.Cli;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BackendsCommandTest {
    @Test
    void listsDevicesOfWhatIsReady() {
        String out = Cli.run("backends").done();
        assertTrue(out.contains("reference: ready" + System.lineSeparator() + "  cpu  "), out);
    }

    @Test
    void tellsWhatIsMissingAndHowToGetIt() {
        String out = Cli.run("backends").done();
        assertTrue(out.contains("abacus-less: not ready: no abacus was found"), out);
        assertTrue(out.contains("  Buy one."), out);
    }

    @Test
    void jsonHasTheSame() {
        JsonNode result =
                JsonMapper.shared().readTree(Cli.run("backends", "--json").done());
        JsonNode reference = result.get("backends")
                .valueStream()
                .filter(b -> b.get("name").asString().equals("reference"))
                .findFirst()
                .orElseThrow();
        assertTrue(reference.get("ready").asBoolean());
        assertEquals("cpu", reference.get("devices").get(0).get("id").asString());
    }
}
