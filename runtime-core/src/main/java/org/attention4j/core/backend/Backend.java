package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Storage;

/** Compiles graphs for one device. Thread-safe. Closing it needs every graph that it compiled to be closed before. */
public interface Backend extends AutoCloseable {
    /** The name that users choose it by, such as {@code onnx}. */
    String name();

    /** The device that graphs are compiled for. */
    Device device();

    /** How this backend wants the states of models laid out. */
    default Storage storage() {
        return Storage.EXACT;
    }

    /**
     * For which numbers of most probable tokens it is worth while to have the backend find them, so that not all logits come back
     * from its device, in rising order; none by default.
     */
    default List<Integer> candidates() {
        return ImmutableList.of();
    }

    /** Whether the backend's engine runs files of this format as they are, such as {@code onnx}. */
    default boolean runsFiles(String format) {
        return false;
    }

    /**
     * Compiles a graph. Its symbolic dims stay open: one compiled graph serves every size.
     *
     * @throws BackendException if the backend can't, naming the op and why
     */
    CompiledGraph compile(Graph graph, CompileOptions options);

    /**
     * What {@link #compile} would make of a graph: the very plan that the compiled graph would have. A backend for which compiling
     * is work answers without it, and reads no weights. This default compiles the graph and throws that away.
     *
     * @throws BackendException as {@link #compile}, as far as it can be known without compiling
     */
    default Plan plan(Graph graph, CompileOptions options) {
        try (CompiledGraph compiled = compile(graph, options)) {
            return compiled.plan();
        }
    }

    /**
     * The same plan for one run, with what that asks of the device ({@link Plan#launches}) where the backend can tell it without
     * compiling. This default does not.
     *
     * @param sizes the sizes of the graph's symbolic dims
     * @throws BackendException as {@link #plan(Graph, CompileOptions)}, or if such a run is more than the backend can do
     */
    default Plan plan(Graph graph, CompileOptions options, Map<String, Long> sizes) {
        return plan(graph, options);
    }

    @Override
    void close();

    /** Finds and makes a backend; registered as a service ({@link java.util.ServiceLoader}). */
    interface Provider {
        /** The name of the backends that this makes, such as {@code onnx}. */
        String name();

        /** Where nobody chooses, the ready backend of the highest priority is taken. */
        int priority();

        /** Looks for what the backend needs. Fast, and never throws: what is missing is an answer. */
        Probe probe();

        /**
         * Makes a backend.
         *
         * @throws BackendException if an option names a device or setting that isn't there, listing those that are
         */
        Backend create(BackendOptions options);
    }
}
