package org.attention4j.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BackendsTest {
    @Test
    void theReferenceIsAmongTheProviders() {
        assertTrue(Backends.providers().stream().anyMatch(p -> p.name().equals("reference")));
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            assertEquals("reference", backend.name());
        }
    }

    @Test
    void providersComeInOrderOfPriority() {
        List<Integer> priorities =
                Backends.providers().stream().map(Backend.Provider::priority).toList();
        assertEquals(priorities.stream().sorted((a, b) -> b - a).toList(), priorities);
    }

    @Test
    void theDefaultIsReady() {
        try (Backend backend = Backends.createDefault(BackendOptions.DEFAULT)) {
            assertEquals(Backends.providers().getFirst().name(), backend.name());
        }
    }

    @Test
    void unknownNamesAreAnsweredByThoseThereAre() {
        BackendException e =
                assertThrows(BackendException.class, () -> Backends.create("abacus", BackendOptions.DEFAULT));
        assertEquals("unknown backend abacus; known are reference", e.getMessage());
    }

    @Test
    void optionsAreChecked() {
        assertEquals(
                "threads: got 0, expected at least 1",
                assertThrows(IllegalArgumentException.class, () -> BackendOptions.DEFAULT.withThreads(0))
                        .getMessage());
        BackendOptions options = BackendOptions.DEFAULT.withDevice("0:1").withThreads(3);
        assertEquals(new BackendOptions(Optional.of("0:1"), OptionalInt.of(3), Map.of()), options);
    }
}
