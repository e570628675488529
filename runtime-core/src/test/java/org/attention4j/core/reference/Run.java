package org.attention4j.core.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Runs small graphs on the reference backend. */
final class Run {
    private Run() {}

    /** What a graph does with its inputs. */
    interface Body {
        List<Value> build(GraphBuilder b, List<Value> in);
    }

    /** What a graph of one result does with its only input. */
    interface Function {
        Value apply(GraphBuilder b, Value x);
    }

    static Backend backend() {
        return new ReferenceBackend.Provider().create(BackendOptions.DEFAULT);
    }

    /** The results of a graph whose inputs have the fixed types of these tensors. */
    static List<Tensor> all(Body body, Tensor... tensors) {
        GraphBuilder b = new GraphBuilder("test");
        List<Value> in = new ArrayList<>();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (Tensor t : tensors) {
            String name = "x" + in.size();
            in.add(b.input(name, TensorType.of(t.dtype(), t.shape())));
            inputs.put(name, t);
        }
        List<Value> out = body.build(b, in);
        for (int i = 0; i < out.size(); i++) {
            b.result("y" + i, out.get(i));
        }
        try (Backend backend = backend();
                CompiledGraph compiled = backend.compile(b.build(), CompileOptions.DEFAULT)) {
            return List.copyOf(compiled.run(inputs).values());
        }
    }

    /** The only result of a graph of one input. */
    static Tensor one(Function f, Tensor x) {
        return all((b, in) -> List.of(f.apply(b, in.getFirst())), x).getFirst();
    }

    /** The message of the failure of a run. */
    static String failure(Body body, Tensor... tensors) {
        return String.valueOf(
                assertThrows(BackendException.class, () -> all(body, tensors)).getMessage());
    }

    static Tensor bools(Shape shape, int... values) {
        Tensor t = Tensor.zeros(DType.BOOL, shape);
        for (int i = 0; i < values.length; i++) {
            t.setLong(i, values[i]);
        }
        return t;
    }

    static void assertF32(Tensor actual, Shape shape, double... values) {
        assertEquals(Tensor.zeros(DType.F32, shape).toString(), actual.toString());
        float[] expected = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = (float) values[i];
        }
        assertArrayEquals(expected, actual.toFloatArray(), 1e-6f);
    }

    static void assertIntegers(Tensor actual, DType dtype, Shape shape, long... values) {
        assertEquals(Tensor.zeros(dtype, shape).toString(), actual.toString());
        assertArrayEquals(values, actual.toLongArray());
    }

    static void assertI64(Tensor actual, Shape shape, long... values) {
        assertIntegers(actual, DType.I64, shape, values);
    }
}
