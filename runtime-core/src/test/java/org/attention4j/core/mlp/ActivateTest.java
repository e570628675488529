package org.attention4j.core.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.OneOp;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivateTest {
    private static float apply(Activation activation, float x) {
        return OneOp.run(new Activate(activation), Tensor.f32(Shape.of(1), x))[0];
    }

    /** Values that the formulas give in double precision, computed elsewhere. */
    @ParameterizedTest
    @CsvSource({
        "SILU, 1.5, 1.2263617",
        "SILU, -2, -0.2384058",
        "GELU, 1, 0.8413447",
        "GELU, -0.5, -0.1542688",
        "GELU_TANH, 1, 0.8411920",
        "GELU_TANH, -0.5, -0.1542860",
        "QUICK_GELU, 1, 0.8457958",
        "QUICK_GELU, -1, -0.1542042",
        "RELU, 3, 3",
        "RELU, -3, 0",
        "RELU2, 3, 9",
        "RELU2, -3, 0",
        "SIGMOID, 2, 0.8807971",
        "SIGMOID, -2, 0.1192029",
        "TANH, 0.5, 0.4621172",
        "ELU1, 2, 3",
        "ELU1, -1, 0.3678794",
        "SOFTPLUS, 0, 0.6931472",
        "SOFTPLUS, 1, 1.3132617",
        "SOFTPLUS, -1, 0.3132617",
        "LOG_SIGMOID, 0, -0.6931472",
        "LOG_SIGMOID, 1, -0.3132617",
        "LOG_SIGMOID, -1, -1.3132617",
    })
    void computesTheFunction(Activation activation, float x, float expected) {
        assertEquals(expected, apply(activation, x), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource({
        "SILU, 1000, -0",
        "GELU, 1000, -0",
        "GELU_TANH, 1000, -0",
        "QUICK_GELU, 1000, -0",
        "RELU, 1000, 0",
        "RELU2, 1000000, 0",
        "SIGMOID, 1, 0",
        "TANH, 1, -1",
        "ELU1, 1001, 0",
        "SOFTPLUS, 1000, 0",
        "LOG_SIGMOID, 0, -1000",
    })
    void staysFiniteFarFromZero(Activation activation, float at1000, float atMinus1000) {
        assertEquals(at1000, apply(activation, 1000), 1e-6f);
        assertEquals(atMinus1000, apply(activation, -1000), 1e-6f);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyEntryIsItsOwn(Activation activation) {
        float[] both = OneOp.run(new Activate(activation), Tensor.f32(Shape.of(1, 2), -0.75f, 1.25f));
        assertEquals(apply(activation, -0.75f), both[0]);
        assertEquals(apply(activation, 1.25f), both[1]);
    }

    @Test
    void logSigmoidIsMinusSoftplusOfMinusX() {
        for (float x = -30; x <= 30; x += 7.5f) {
            assertEquals(-apply(Activation.SOFTPLUS, -x), apply(Activation.LOG_SIGMOID, x), 1e-6f);
        }
    }
}
