package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.backend.Plan;
import org.attention4j.tornado.machine.Kernel;

/** What a program does next. */
sealed interface Step {
    /**
     * Launches a kernel.
     *
     * @param array the array of bytes that it reads
     * @param row where its numbers begin in the program's table
     * @param items work-items
     * @param labels of the ops that asked for it, for messages, by where their own numbers begin
     */
    record Launch(Kernel kernel, int array, int row, int items, Map<Integer, String> labels) implements Step {
        public Launch {
            labels = ImmutableMap.copyOf(labels);
        }

        @Override
        public Optional<String> labelOf(int wanted) {
            return Optional.ofNullable(labels.get(wanted));
        }

        @Override
        public List<Plan.Launch> launches(int times) {
            return ImmutableList.of(new Plan.Launch(kernel.name(), times, ImmutableList.copyOf(labels.values())));
        }
    }

    /** Does the steps {@code count} times; {@code depth} is 0 for an outer loop, 1 for a loop in a loop. */
    record Loop(int count, int depth, List<Step> body) implements Step {
        public Loop {
            body = ImmutableList.copyOf(body);
        }

        @Override
        public Optional<String> labelOf(int wanted) {
            return body.stream().flatMap(s -> s.labelOf(wanted).stream()).findFirst();
        }

        @Override
        public List<Plan.Launch> launches(int times) {
            return body.stream()
                    .flatMap(s -> s.launches(times * count).stream())
                    .toList();
        }
    }

    /** The label of what has its numbers there. */
    Optional<String> labelOf(int wanted);

    /** The launches, as they are told to people; {@code times} is how often the step is done. */
    List<Plan.Launch> launches(int times);

    /** The launches in some steps, those of loops once. */
    static List<Launch> launches(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> switch (step) {
                    case Launch l -> Stream.of(l);
                    case Loop l -> launches(l.body()).stream();
                })
                .toList();
    }
}
