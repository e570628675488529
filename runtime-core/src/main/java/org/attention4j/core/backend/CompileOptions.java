package org.attention4j.core.backend;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * What a caller chooses about the compilation of one graph.
 *
 * @param pinned by name of composite op, the name of the lowering to use; {@link Plan#DECOMPOSED} for none
 */
public record CompileOptions(Map<String, String> pinned) {
    /** Every choice left to the backend. */
    public static final CompileOptions DEFAULT = new CompileOptions(Map.of());

    public CompileOptions {
        pinned = ImmutableMap.copyOf(pinned);
    }
}
