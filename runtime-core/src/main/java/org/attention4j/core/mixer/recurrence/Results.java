package org.attention4j.core.mixer.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Value;

/** The order of results: a loop gives states first, a recurrence gives outputs first. */
final class Results {
    private Results() {}

    static List<Value> outputsFirst(List<Value> statesFirst, int numStates) {
        return ImmutableList.<Value>builder()
                .addAll(statesFirst.subList(numStates, statesFirst.size()))
                .addAll(statesFirst.subList(0, numStates))
                .build();
    }
}
