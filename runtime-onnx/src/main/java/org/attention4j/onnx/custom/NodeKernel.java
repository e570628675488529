package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.attention4j.x86.Processor;

/**
 * What ONNX Runtime calls for each node of an operator. A kernel is a {@link NodeRecord}. Nothing is thrown: an exception in a
 * call from native code would end the process, so it becomes a status, which the session's run throws.
 *
 * @param <N> what is known of a node before it is run
 */
@SuppressWarnings("restricted") // Native code is what this is for.
abstract class NodeKernel<N> {
    private static final int FAIL = 1;

    private final Numbered<Opened<N>> nodes = new Numbered<>();
    private final MemorySegment slow = upcall(
            "compute",
            MethodType.methodType(long.class, long.class, long.class),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private record Opened<N>(N node, MemorySegment kernelRecord) {}

    /** Makes ready for a node. */
    abstract N open(NodeInfo info);

    /** Computes a node. */
    abstract void compute(N node, KernelCall call) throws Throwable;

    /** How a node is computed without Java where there is one row; empty if it is not. */
    Optional<OneRowNode> oneRow(N node) {
        return Optional.empty();
    }

    /** {@code CreateKernelV2(op, api, info, kernel)}. */
    final MemorySegment createFunction() {
        return upcall(
                "create",
                MethodType.methodType(
                        MemorySegment.class,
                        MemorySegment.class,
                        MemorySegment.class,
                        MemorySegment.class,
                        MemorySegment.class),
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    /** {@code KernelDestroy(kernel)}. */
    final MemorySegment destroyFunction() {
        return upcall(
                "destroy", MethodType.methodType(void.class, MemorySegment.class), FunctionDescriptor.ofVoid(ADDRESS));
    }

    /** {@code KernelComputeV2(kernel, context)}. */
    final MemorySegment computeFunction() {
        return hasGeneratedCode() ? MemorySegment.ofAddress(Entry.ADDRESS) : slow;
    }

    private static final class Entry {
        private static final long ADDRESS = OneRowCode.entry();
    }

    private static boolean hasGeneratedCode() {
        return Processor.current().missing().isEmpty();
    }

    final MemorySegment create(MemorySegment op, MemorySegment ortApi, MemorySegment info, MemorySegment kernel) {
        try {
            N node = open(new NodeInfo(info));
            Optional<OneRowNode> oneRow = hasGeneratedCode() ? oneRow(node).filter(OneRowNode::fits) : Optional.empty();
            long address = nodes.addWith(number -> new Opened<>(node, NodeRecord.of(number, slow.address(), oneRow)))
                    .kernelRecord()
                    .address();
            kernel.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, MemorySegment.ofAddress(address));
            return MemorySegment.NULL;
        } catch (Throwable e) {
            return failure(e);
        }
    }

    final void destroy(MemorySegment kernel) {
        nodes.remove(NodeRecord.numberAt(kernel.address()));
    }

    final long compute(long kernel, long context) {
        try {
            compute(nodes.get(NodeRecord.numberAt(kernel)).node(), KernelCall.of(context));
            return 0;
        } catch (Throwable e) {
            return failure(e).address();
        }
    }

    private MemorySegment upcall(String name, MethodType method, FunctionDescriptor type) {
        try {
            MethodHandle handle = MethodHandles.lookup()
                    .findVirtual(NodeKernel.class, name, method)
                    .bindTo(this);
            return Linker.nativeLinker().upcallStub(handle, type, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static MemorySegment failure(Throwable e) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocateFrom(String.valueOf(e.getMessage()));
            return (MemorySegment) OrtApi.CREATE_STATUS.invokeExact(FAIL, message);
        } catch (Throwable again) {
            throw new AssertionError(again);
        }
    }
}
