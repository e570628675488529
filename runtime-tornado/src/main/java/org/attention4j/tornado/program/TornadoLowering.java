package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;

/** A way to compute a composite by launches of its own. Found by {@link java.util.ServiceLoader}. */
public interface TornadoLowering extends Lowering {
    /**
     * Graphs from the composite's inputs to its results that {@link #lower} may write, such as one for short runs and one for
     * long ones. Composites in them are lowered too.
     */
    default List<Graph> parts(Composite composite) {
        return ImmutableList.of();
    }

    /**
     * Writes what computes the composite and defines its outputs.
     *
     * @param parts the composite's parts, expanded
     */
    void lower(Lowerer l, Composite composite, List<Graph> parts);
}
