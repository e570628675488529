package org.attention4j.tornado.machine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Progress;
import org.attention4j.tornado.TestBackends;
import org.attention4j.tornado.kernel.Rows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that TornadoVM can't compile are errors: it would run them as plain Java, one work-item only. */
class TornadoBailoutTest {
    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }

    /** There are no strings on a device. */
    static void strings(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        if (context.globalIdx == 0) {
            ints.set(Rows.FIRST_INT, String.valueOf(ints.get(Rows.FIRST_INT)).length());
        }
    }

    /** TornadoVM's back end for OpenCL knows no rounding downwards. */
    static void rounding(KernelContext context, IntArray cursor, IntArray ints, FloatArray floats) {
        if (context.globalIdx == 0) {
            floats.set(Rows.FIRST_FLOAT, (float) Math.floor(floats.get(Rows.FIRST_FLOAT)));
        }
    }

    private static String failure(Kernel kernel) {
        String id = Devices.all().keySet().asList().getFirst();
        try (TornadoMachine machine = new TornadoMachine(id, Optional.empty(), Progress.NONE, false)) {
            BackendException e = assertThrows(
                    BackendException.class, () -> machine.launch(kernel, 0, new int[Rows.CURSOR], kernel.group()));
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whatCanNotBeReadIsNamed() {
        String message = failure(Kernel.of("strings", 64, false, TornadoBailoutTest::strings));
        assertTrue(message.matches("kernel strings does not run on .+: .+ \\(Tornado.+\\)"), message);
    }

    @Test
    void whatCanNotBeWrittenIsNamed() {
        String message = failure(Kernel.of("rounding", 64, false, TornadoBailoutTest::rounding));
        assertTrue(
                message.matches("kernel rounding does not run on .+: .+ \\(TornadoInternalError at \\w+\\.\\w+\\)"),
                message);
    }
}
