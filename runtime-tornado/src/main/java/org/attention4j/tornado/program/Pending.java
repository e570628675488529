package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        final List<Job> jobs;

        Launch(Kernel kernel, int array, List<Job> jobs) {
            this.kernel = kernel;
            this.array = array;
            this.jobs = new ArrayList<>(jobs);
        }

        boolean isIndependentOf(Job other) {
            return jobs.stream().noneMatch(other::dependsOn);
        }

        /** Whether it is known of all jobs which elements read and write what. */
        boolean isByElements() {
            return jobs.stream().allMatch(j -> j.entries().isPresent());
        }
    }

    /**
     * What a launch does.
     *
     * @param row its numbers
     * @param items work-items
     * @param labels of the ops that asked for it, by where their numbers begin in the row
     * @param entries what its elements read and write, if that is known
     */
    record Job(
            Row row,
            int items,
            Map<Integer, String> labels,
            List<Buffer> reads,
            List<Buffer> writes,
            Optional<Entries> entries) {
        public Job {
            labels = ImmutableMap.copyOf(labels);
            reads = ImmutableList.copyOf(reads);
            writes = ImmutableList.copyOf(writes);
        }

        /** Whether the two can't change places. */
        boolean dependsOn(Job other) {
            return overlap(reads, other.writes) || overlap(writes, other.reads) || overlap(writes, other.writes);
        }

        /** Whether this is a norm of so many lines, and the other reads of it its own lines and overwrites nothing of it. */
        boolean isNormBefore(Job other, Entries othersReads, long count) {
            return entries.filter(e -> e.lines() == count && othersReads.staysInLine(e, count))
                            .isPresent()
                    && !overlap(other.writes, reads)
                    && !overlap(other.writes, writes);
        }

        private static boolean overlap(List<Buffer> some, List<Buffer> others) {
            return some.stream().anyMatch(b -> others.stream().anyMatch(b::overlaps));
        }
    }

    /**
     * The elements of a job, in row-major order.
     *
     * @param lines the norm's lines, in each of which all depends on all; 0: no element depends on another one
     */
    record Entries(ImmutableIntArray dims, List<Touch> touches, long lines) {
        public Entries {
            touches = ImmutableList.copyOf(touches);
        }

        long elements() {
            return Held.elements(dims.toArray());
        }

        /** Of how many lines they may be thought: the largest number first. */
        List<Long> counts() {
            List<Long> counts = new ArrayList<>(List.of(1L));
            dims.stream().forEach(size -> counts.add(counts.getLast() * size));
            return counts.stream().distinct().toList().reversed();
        }

        /** Whether so many lines of equal length, which is not above {@code most}, are all elements. */
        boolean fitLines(long count, int most) {
            return elements() % count == 0 && elements() / count <= most;
        }

        /** Whether lines can be done in any order if in each these elements follow the others. */
        boolean staysInLine(Entries others, long count) {
            return touches.stream()
                    .allMatch(t -> others.touches.stream()
                            .allMatch(o -> t.staysInLine(dims.toArray(), o, others.dims.toArray(), count)));
        }
    }
}
