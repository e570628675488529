package org.attention4j.core.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SessionTest {
    private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9};
    private static final AttentionConfig FULL = AttentionConfig.of(TinyDecoder.HIDDEN, AttentionSpec.causal(2, 1, 6))
            .withAlibi();
    private static final AttentionConfig WINDOW = AttentionConfig.of(
                    TinyDecoder.HIDDEN, AttentionSpec.causal(2, 1, 6).withWindow(4))
            .withAlibi();
    private static final AttentionConfig SINKS =
            AttentionConfig.of(TinyDecoder.HIDDEN, AttentionSpec.causal(2, 1, 6).withSinks(2, 4));

    @Test
    void prefillInChunksGivesWhatTokenByTokenGives() {
        for (DecoderModel model : models()) {
            try (CompiledModel whole = compile(model, Storage.EXACT);
                    CompiledModel chunked = compile(model, new Storage(4, 3));
                    Session a = whole.newSession(20);
                    Session b = chunked.newSession(20);
                    Session c = whole.newSession(20)) {
                float[] expected = a.prefill(TOKENS).toFloatArray();
                assertArrayEquals(expected, b.prefill(TOKENS).toFloatArray(), 1e-6f);
                float[] last = new float[0];
                for (int t : TOKENS) {
                    last = c.decode(t).toFloatArray();
                }
                assertArrayEquals(expected, last, 1e-6f);
                assertEquals(TOKENS.length, b.position());
            }
        }
    }

    @Test
    void scoreGivesTheLogitsAfterEachToken() {
        try (CompiledModel model = compile(TinyDecoder.of(FULL, WINDOW), new Storage(4, 3));
                Session all = model.newSession(20);
                Session one = model.newSession(20)) {
            Tensor scores = all.score(TOKENS);
            for (int i = 0; i < TOKENS.length; i++) {
                Tensor logits = one.decode(TOKENS[i]);
                for (int v = 0; v < TinyDecoder.VOCAB; v++) {
                    assertEquals(logits.getDouble(v), scores.getDouble((long) i * TinyDecoder.VOCAB + v), 1e-6);
                }
            }
        }
    }

    @Test
    void truncatedSessionGoesOnAsIfNothingHadFollowed() {
        try (CompiledModel model = compile(TinyDecoder.of(FULL, FULL), Storage.EXACT);
                Session session = model.newSession(20);
                Session fresh = model.newSession(20)) {
            session.prefill(TOKENS);
            assertTrue(session.truncate(5));
            assertEquals(5, session.position());
            fresh.prefill(1, 1, 1);
            assertTrue(fresh.truncate(0));
            fresh.prefill(Arrays.copyOf(TOKENS, 5));
            assertArrayEquals(fresh.decode(7).toFloatArray(), session.decode(7).toFloatArray(), 1e-6f);
        }
    }

    @Test
    void windowCanBeTruncatedAsFarAsItsSlackReaches() {
        for (AttentionConfig layer : new AttentionConfig[] {WINDOW, SINKS}) {
            try (CompiledModel model = compile(TinyDecoder.of(layer), new Storage(4, 3));
                    Session session = model.newSession(20);
                    Session fresh = model.newSession(20)) {
                session.prefill(TOKENS);
                assertFalse(session.truncate(TOKENS.length - 4));
                assertEquals(TOKENS.length, session.position());
                assertTrue(session.truncate(TOKENS.length - 3));
                fresh.prefill(Arrays.copyOf(TOKENS, TOKENS.length - 3));
                assertArrayEquals(
                        fresh.decode(7).toFloatArray(), session.decode(7).toFloatArray(), 1e-6f);
            }
        }
    }

    @Test
    void forkGoesItsOwnWay() {
        for (DecoderModel definition : models()) {
            try (CompiledModel model = compile(definition, Storage.EXACT);
                    Session session = model.newSession(20);
                    Session control = model.newSession(20)) {
                session.prefill(TOKENS);
                control.prefill(TOKENS);
                try (Session fork = session.fork()) {
                    fork.prefill(0, 0, 0);
                    float[] expected = control.decode(2).toFloatArray();
                    assertArrayEquals(expected, session.decode(2).toFloatArray(), 0);
                    assertEquals(TOKENS.length + 3, fork.position());
                }
            }
        }
    }

    @Test
    void savedSessionResumesInOtherStorage() throws IOException {
        for (DecoderModel definition : models()) {
            try (CompiledModel model = compile(definition, Storage.EXACT);
                    CompiledModel other = compile(definition, new Storage(4, 3));
                    Session session = model.newSession(20)) {
                session.prefill(TOKENS);
                try (Session resumed = other.restoreSession(new ByteArrayInputStream(saved(session)), 30)) {
                    assertEquals(TOKENS.length, resumed.position());
                    assertArrayEquals(
                            session.decode(2).toFloatArray(), resumed.decode(2).toFloatArray(), 1e-6f);
                }
            }
        }
    }

    @Test
    void brokenSavedSessionsAreRefused() throws IOException {
        try (CompiledModel model = compile(TinyDecoder.of(FULL), Storage.EXACT);
                CompiledModel other = compile(TinyDecoder.of(WINDOW), Storage.EXACT);
                Session session = model.newSession(20)) {
            session.prefill(TOKENS);
            byte[] saved = saved(session);
            assertRefused(model, Arrays.copyOf(saved, saved.length - 1), 20, "ends too early");
            assertRefused(model, new byte[] {1, 2, 3, 4}, 20, "not one");
            assertRefused(model, saved, 4, "room for 4");
            assertRefused(other, saved, 20, "expected tiny of 1 layers");
        }
    }

    @Test
    void layerThatSharesACacheReadsItsOwnersAndTakesNoMemory() {
        DecoderModel sharing = TinyDecoder.of(FULL, FULL.sharing(0));
        DecoderModel alone = TinyDecoder.of(FULL);
        assertEquals(alone.stateBytes(20, Storage.EXACT), sharing.stateBytes(20, Storage.EXACT));
        try (CompiledModel model = compile(sharing, Storage.EXACT);
                Session whole = model.newSession(20);
                Session steps = model.newSession(20)) {
            float[] expected = whole.prefill(TOKENS).toFloatArray();
            float[] last = new float[0];
            for (int t : TOKENS) {
                last = steps.decode(t).toFloatArray();
            }
            assertArrayEquals(expected, last, 1e-6f);
        }
    }

    @Test
    void stateBytesAreKnownAndWindowsStaySmall() {
        long perToken = 2L * 6 * 4;
        assertEquals(20 * perToken, TinyDecoder.of(FULL).stateBytes(20, Storage.EXACT));
        assertEquals(4 * perToken, TinyDecoder.of(WINDOW).stateBytes(1_000_000, Storage.EXACT));
        assertEquals(7 * perToken, TinyDecoder.of(WINDOW).stateBytes(1_000_000, new Storage(4, 3)));
        assertEquals(5 * perToken, TinyDecoder.of(SINKS).stateBytes(1_000_000, Storage.EXACT));
    }

    @Test
    void rememberedBytesAreThoseOfTheTokensKept() throws IOException {
        long perToken = 2L * 6 * 4;
        try (CompiledModel model = compile(TinyDecoder.of(FULL, WINDOW, SINKS), new Storage(4, 3));
                Session session = model.newSession(20)) {
            assertEquals(0, session.rememberedBytes());
            int header = saved(session).length;
            session.prefill(Arrays.copyOf(TOKENS, 3));
            assertEquals((3 + 3 + 3) * perToken, session.rememberedBytes());
            session.prefill(Arrays.copyOfRange(TOKENS, 3, TOKENS.length));
            assertEquals((15 + 4 + 5) * perToken, session.rememberedBytes());
            assertEquals(header + session.rememberedBytes(), saved(session).length);
        }
    }

    private static byte[] saved(Session session) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.save(out);
        return out.toByteArray();
    }

    @Test
    void wrongTokensAreRefusedBeforeAnythingHappens() {
        try (CompiledModel model = compile(TinyDecoder.of(FULL), Storage.EXACT);
                Session session = model.newSession(4)) {
            assertMessage("token id: got 17, expected 0 to 16", () -> session.prefill(1, 17));
            assertMessage("token id: got -1, expected 0 to 16", () -> session.decode(-1));
            assertMessage("context: got 5 tokens, but only 4 of 4 are free", () -> session.prefill(1, 2, 3, 4, 5));
            assertMessage("prefill: got no tokens, expected at least 1", () -> session.prefill());
            assertMessage("truncate: got 1, expected 0 to 0", () -> session.truncate(1));
            assertEquals(0, session.position());
        }
    }

    @Test
    void windowedModelsHaveNoLimit() {
        try (CompiledModel model = compile(TinyDecoder.of(WINDOW, SINKS), Storage.EXACT);
                Session session = model.newSession(4)) {
            session.prefill(TOKENS);
            assertEquals(Integer.MAX_VALUE - TOKENS.length, session.remaining());
        }
    }

    private static DecoderModel[] models() {
        return new DecoderModel[] {
            TinyDecoder.of(FULL, WINDOW), TinyDecoder.of(SINKS), TinyDecoder.of(WINDOW, FULL, SINKS)
        };
    }

    private static void assertMessage(String expected, Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertRefused(CompiledModel model, byte[] saved, int context, String expected) {
        IOException e = assertThrows(
                IOException.class,
                () -> model.restoreSession(new ByteArrayInputStream(saved), context)
                        .close());
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e::getMessage);
    }

    /** Compiles on the reference backend as if that wanted this storage. */
    private static CompiledModel compile(DecoderModel model, Storage storage) {
        Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
        Backend backend = new Backend() {
            @Override
            public String name() {
                return reference.name();
            }

            @Override
            public Device device() {
                return reference.device();
            }

            @Override
            public Storage storage() {
                return storage;
            }

            @Override
            public CompiledGraph compile(Graph graph, CompileOptions options) {
                return reference.compile(graph, options);
            }

            @Override
            public void close() {
                reference.close();
            }
        };
        return CompiledModel.compile(model, backend, CompileOptions.DEFAULT);
    }
}
