package org.attention4j.core.mixer;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;

/**
 * A parameter that a mixer reads.
 *
 * @param name relative to the mixer, such as {@code q_proj.weight}
 * @param dims its dims; matrices are {@code [out, in]}
 */
public record ParameterSpec(String name, List<Long> dims) {
    public ParameterSpec {
        dims = ImmutableList.copyOf(dims);
    }

    /** A parameter of these dims. */
    public static ParameterSpec of(String name, long... dims) {
        return new ParameterSpec(name, Arrays.stream(dims).boxed().toList());
    }
}
