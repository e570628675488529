package org.attention4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.testkit.SessionCases;
import org.junit.jupiter.api.Test;

/** What a session of recurrences takes does not depend on how many tokens it has seen. */
class RecurrentMemoryTest {
    private static final long MIB = 1 << 20;
    private static final int FEW = 100_000;
    private static final int MANY = 200_000;

    @Test
    void aHundredThousandTokensMoreTakeNoMemory() throws IOException {
        try (Backend backend = Backends.create("onnx", BackendOptions.DEFAULT.withThreads(1));
                CompiledModel model =
                        CompiledModel.compile(SessionCases.pureRecurrence(), backend, CompileOptions.DEFAULT);
                Session session = model.newSession(1)) {
            go(session, FEW);
            long stateBytes = session.stateBytes();
            int saved = save(session).length;
            long heapOfRun = heapBytesOfRun(session);
            System.gc();
            long resident = ResidentMemory.bytes();

            go(session, MANY);
            // As many tokens before have brought those pages of the heap into memory that garbage needs, 84 bytes a
            // token. A single layer of
            // attention would keep 128 bytes a token.
            long grown = ResidentMemory.bytes() - resident;
            assertTrue(grown < 8 * MIB, "%d tokens more took %d bytes".formatted(MANY - FEW, grown));
            assertEquals(stateBytes, session.stateBytes());
            assertTrue(heapBytesOfRun(session) < heapOfRun + 1024, "a run allocates more after many tokens");
            byte[] now = save(session);
            assertEquals(saved, now.length);
            try (Session resumed = model.restoreSession(new ByteArrayInputStream(now), 1)) {
                assertEquals(session.position(), resumed.position());
                assertArrayEquals(
                        session.decode(3).toFloatArray(), resumed.decode(3).toFloatArray());
            }
        }
    }

    /** Gives tokens until the session has seen so many. */
    private static void go(Session session, int position) {
        int vocab = session.model().definition().info().vocabSize();
        int[] tokens = IntStream.range(session.position(), position)
                .map(i -> i * 7 % vocab)
                .toArray();
        session.prefill(tokens);
    }

    private static byte[] save(Session session) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.save(out);
        return out.toByteArray();
    }

    /** Bytes of Java's heap that a run of one token allocates. */
    private static long heapBytesOfRun(Session session) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        session.decode(1);
        long before = threads.getCurrentThreadAllocatedBytes();
        session.decode(1);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
