package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InputTypesTest {
    private record Pair() implements CompositeOp {
        @Override
        public String name() {
            return "pair";
        }

        @Override
        public List<String> inputNames() {
            return ImmutableList.of("x", "weight");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return inputs;
        }
    }

    private static final Dim SEQ = Dim.symbol("seq");

    private static InputTypes types(DType x, DType weight) {
        return InputTypes.of(
                new Pair(), List.of(TensorType.of(x, SEQ, Dim.of(4)), TensorType.of(weight, Dim.of(3), Dim.of(4))));
    }

    private static void assertRefuses(String message, Executable check) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, check).getMessage());
    }

    @Test
    void givesInputsByName() {
        InputTypes in = types(DType.F32, DType.BF16);
        assertEquals(TensorType.of(DType.F32, SEQ, Dim.of(4)), in.activation("x", 2));
        assertEquals(TensorType.of(DType.BF16, Dim.of(3), Dim.of(4)), in.matrix("weight", Dim.of(3), Dim.of(4)));
        assertRefuses("pair: no input gate; there are [x, weight]", () -> in.get("gate"));
    }

    @Test
    void countsInputs() {
        assertRefuses("pair: 0 inputs given, expected [x, weight]", () -> InputTypes.of(new Pair(), List.of()));
    }

    @Test
    void saysWhatItGotAndWhatItExpected() {
        InputTypes in = types(DType.F16, DType.I32);
        assertRefuses(
                "pair: input x is F16[seq, 4], expected F32 of at least 1 dimension", () -> in.activation("x", 1));
        assertRefuses(
                "pair: input weight is I32[3, 4], expected two dimensions of a float or block-quantised dtype",
                () -> in.matrix("weight"));
        assertRefuses("pair: input x is F16[seq, 4], expected dims [3, 4]", () -> in.matrix("x", Dim.of(3), Dim.of(4)));
        assertRefuses(
                "pair: input x is F16[seq, 4], expected dims [4] of a float dtype", () -> in.vector("x", Dim.of(4)));
        assertRefuses("pair: input x is F16[seq, 4], expected F16[seq]", () -> in.exactly("x", DType.F16, SEQ));
    }

    @Test
    void takesQuantisedMatricesButNotVectors() {
        InputTypes in = types(DType.Q8_0, DType.Q4_K);
        in.matrix("weight");
        assertRefuses(
                "pair: input weight is Q4_K[3, 4], expected dims [3] of a float dtype",
                () -> in.vector("weight", Dim.of(3)));
    }

    @Test
    void takesStacksOfMatrices() {
        TensorType stack = TensorType.of(DType.Q8_0, Dim.of(2), Dim.of(3), Dim.of(4));
        InputTypes in = InputTypes.of(new Pair(), List.of(stack, TensorType.of(DType.F16, Dim.of(2), Dim.of(3))));
        assertEquals(stack, in.stack("x", Dim.of(2), Dim.of(3), Dim.of(4)));
        assertRefuses(
                "pair: input x is Q8_0[2, 3, 4], expected dims [2, 4, 3]",
                () -> in.stack("x", Dim.of(2), Dim.of(4), Dim.of(3)));
        assertRefuses(
                "pair: input weight is F16[2, 3], expected three dimensions of a float or block-quantised dtype",
                () -> in.stack("weight"));
        in.vectors("weight", Dim.of(2), Dim.of(3));
        assertRefuses(
                "pair: input weight is F16[2, 3], expected dims [3, 2] of a float dtype",
                () -> in.vectors("weight", Dim.of(3), Dim.of(2)));
    }
}
