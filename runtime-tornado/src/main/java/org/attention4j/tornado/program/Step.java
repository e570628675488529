package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.tornado.machine.Kernel;

/** What a program does next. */
sealed interface Step {
    /**
     * Launches a kernel.
     *
     * @param row where its numbers begin in the program's table
     * @param items work-items
     * @param label of the op that asked for it, for messages
     */
    record Launch(Kernel kernel, int row, int items, String label) implements Step {}

    /** Does the steps {@code count} times; {@code depth} is 0 for an outer loop, 1 for a loop in a loop. */
    record Loop(int count, int depth, List<Step> body) implements Step {
        public Loop {
            body = ImmutableList.copyOf(body);
        }
    }
}
