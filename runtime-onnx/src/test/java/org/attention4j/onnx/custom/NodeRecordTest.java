package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.x86.BlockProduct;
import org.attention4j.x86.LinearRecurrenceKernel;
import org.attention4j.x86.PackedMatrix;
import org.attention4j.x86.Processor;
import org.attention4j.x86.RowFunction;
import org.attention4j.x86.RowFunctionKernel;
import org.attention4j.x86.SelectiveScanKernel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What nodes are run by. That it computes what Java does, all tests of one token show. */
final class NodeRecordTest {
    private static final long SLOW = 0x1234;

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
        // Code has addresses of ONNX Runtime's functions in it: it must be loaded.
        Backends.create("onnx", BackendOptions.DEFAULT).close();
    }

    private static long code(MemorySegment node) {
        return node.get(JAVA_LONG, NodeRecord.CODE);
    }

    private static OneRowNode product(int rows, int columns) {
        PackedMatrix weights = PackedMatrix.pack(List.of(RandomTensors.of(DType.Q8_0, 1, Shape.of(rows, columns))));
        return new OneRowNode(new BlockProduct(weights, 2).oneRow(), 0, new OneRowNode.Dims.Last(columns, rows));
    }

    @Test
    void nodesWithoutCodeOfTheirOwnCallJava() {
        MemorySegment node = NodeRecord.of(5, SLOW, Optional.empty());
        assertEquals(SLOW, code(node));
        assertEquals(5, NodeRecord.numberAt(node.address()));
    }

    @Test
    void nodesThatAreAlikeShareCode() {
        MemorySegment one = NodeRecord.of(1, SLOW, Optional.of(product(64, 96)));
        MemorySegment other = NodeRecord.of(2, SLOW, Optional.of(product(640, 96)));
        assertNotEquals(SLOW, code(one));
        assertEquals(code(one), code(other));
        assertEquals(SLOW, one.get(JAVA_LONG, NodeRecord.SLOW));
        assertEquals(2, NodeRecord.numberAt(other.address()));
    }

    /** All operators but embeddings' compute a row without Java: ONNX Runtime enters generated code, and it finds a description. */
    @Test
    void operatorsHaveCodeForOneRow() {
        assertEquals(new RowsKernel().computeFunction(), new ProductKernel().computeFunction());
        assertTrue(new TokenShiftNode().oneRow(64L).isPresent());
        assertTrue(new SelectiveScanNode()
                .oneRow(new SelectiveScanKernel(new SelectiveScanKernel.Shape(64, 16)))
                .isPresent());
        LinearRecurrence op = LinearRecurrence.of(Decay.KEY, true, false, 1);
        assertTrue(new LinearRecurrenceNode()
                .oneRow(new LinearRecurrenceKernel(new LinearRecurrenceKernel.Shape(op, 2, 16, 16)))
                .isPresent());
        RowFunction twice = new RowFunction(
                32,
                32,
                List.of(RowFunction.Input.ROWS),
                List.of(new RowFunction.Step.Binary(BinaryKind.ADD, 0, 0)),
                List.of(1));
        RowFunctionNode.Node node =
                new RowFunctionNode.Node(new RowFunctionKernel(twice), 2, 0, List.of(ImmutableLongArray.of(32)));
        assertTrue(new RowFunctionNode().oneRow(node).isPresent());
    }

    /** Threads' stacks are small. */
    @Test
    void longRowsCallJava() {
        assertTrue(product(16, 32 * 1024).fits());
        assertFalse(product(16, 64 * 1024).fits());
    }
}
