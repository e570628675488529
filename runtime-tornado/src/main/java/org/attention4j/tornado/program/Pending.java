package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.tornado.machine.Kernel;

/** A step that is not in the table yet. */
sealed interface Pending {
    /** A loop. */
    record Loop(int count, int depth, List<Pending> body) implements Pending {
        public Loop {
            body = ImmutableList.copyOf(body);
        }
    }

    /** One or more things that a kernel does in one launch, none of which reads what another writes. */
    final class Launch implements Pending {
        final Kernel kernel;
        final int array;
        final List<Job> jobs = new ArrayList<>();

        Launch(Kernel kernel, int array, Job first) {
            this.kernel = kernel;
            this.array = array;
            jobs.add(first);
        }

        boolean isIndependentOf(Job other) {
            return jobs.stream().noneMatch(other::dependsOn);
        }
    }

    /**
     * What a launch does.
     *
     * @param row its numbers
     * @param items work-items
     * @param label of the op that asked for it
     */
    record Job(Row row, int items, String label, List<Buffer> reads, List<Buffer> writes) {
        public Job {
            reads = ImmutableList.copyOf(reads);
            writes = ImmutableList.copyOf(writes);
        }

        /** Whether the two can't change places. */
        boolean dependsOn(Job other) {
            return overlap(reads, other.writes) || overlap(writes, other.reads) || overlap(writes, other.writes);
        }

        private static boolean overlap(List<Buffer> some, List<Buffer> others) {
            return some.stream().anyMatch(b -> others.stream().anyMatch(b::overlaps));
        }
    }
}
