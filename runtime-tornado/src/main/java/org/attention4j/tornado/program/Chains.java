package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.tornado.kernel.Interpreter;
import org.attention4j.tornado.kernel.LinesKernel;
import org.attention4j.tornado.kernel.NormRow;
import org.attention4j.tornado.machine.Kernel;

/**
 * Makes launches of norms and elementwise programs one launch where one needs of the other's results only the line that it works on
 * itself: a norm, the residual it is added to and the next norm; norms of queries and keys, their rotations and the cache's entries.
 */
final class Chains {
    /** Norms are launched by it, alone or with more. */
    static final Kernel LINES =
            new Kernel("lines", LinesKernel.GROUP, true, true, new Kernel.Code.Plain(LinesKernel::run));

    // A work-group does a line by itself, so longer ones are left to launches in which all work-groups take part.
    private static final int MOST_WITH_NORM = 8192;
    private static final int MOST_WITHOUT_NORM = 1024;

    private final List<Pending> joined = new ArrayList<>();
    private final IdentityHashMap<Pending, List<Chain>> chains = new IdentityHashMap<>();

    private Chains() {}

    /** The steps with what can be one launch as one. */
    static List<Pending> join(List<Pending> steps) {
        Chains all = new Chains();
        steps.forEach(all::add);
        return all.joined.stream().map(all::finished).toList();
    }

    private Pending finished(Pending pending) {
        if (chains.containsKey(pending)) {
            return launch(chains.get(pending));
        }
        return pending instanceof Pending.Launch l && l.kernel.equals(LINES)
                ? launch(l.jobs.stream().map(Chain::of).toList())
                : pending;
    }

    private void add(Pending next) {
        if (next instanceof Pending.Launch l && l.isByElements()) {
            int at = before(l);
            if (at >= 0 && joined.get(at) instanceof Pending.Launch earlier) {
                Optional<List<Chain>> both = appended(earlier, l);
                if (both.isPresent()) {
                    Pending.Launch one = new Pending.Launch(LINES, 0, earlier.jobs);
                    one.jobs.addAll(l.jobs);
                    joined.set(at, one);
                    chains.put(one, both.get());
                    return;
                }
            }
        }
        joined.add(next);
    }

    /** The launch that this one depends on if there is none between that it depends on too; else −1. */
    private int before(Pending.Launch l) {
        for (int i = joined.size() - 1; i >= Math.max(0, joined.size() - Emitter.LOOK_BACK); i--) {
            if (!(joined.get(i) instanceof Pending.Launch earlier)) {
                return -1;
            }
            if (!l.jobs.stream().allMatch(earlier::isIndependentOf)) {
                return earlier.isByElements() ? i : -1;
            }
        }
        return -1;
    }

    /** What both do; empty if a job can't follow what it depends on line by line. */
    private Optional<List<Chain>> appended(Pending.Launch earlier, Pending.Launch l) {
        List<Chain> all = new ArrayList<>(
                chains.containsKey(earlier)
                        ? chains.get(earlier)
                        : earlier.jobs.stream().map(Chain::of).toList());
        for (Pending.Job job : l.jobs) {
            List<Chain> needed = all.stream().filter(c -> c.isNeededBy(job)).toList();
            if (needed.size() > 1) {
                return Optional.empty();
            }
            if (needed.isEmpty()) {
                all.add(Chain.of(job));
                continue;
            }
            Optional<Chain> longer = needed.getFirst().then(job);
            if (longer.isEmpty()) {
                return Optional.empty();
            }
            all.set(all.indexOf(needed.getFirst()), longer.get());
        }
        return Optional.of(all);
    }

    private static Pending.Launch launch(List<Chain> all) {
        List<Pending.Job> jobs = all.stream().map(Chain::job).toList();
        return new Pending.Launch(LINES, 0, jobs);
    }

    /**
     * Jobs that follow each other line by line.
     *
     * @param lines how many; 0 for one job that doesn't say
     */
    private record Chain(List<Pending.Job> jobs, long lines) {
        Chain {
            jobs = ImmutableList.copyOf(jobs);
        }

        static Chain of(Pending.Job job) {
            return new Chain(List.of(job), entries(job).lines());
        }

        private static Pending.Entries entries(Pending.Job job) {
            return job.entries().orElseThrow();
        }

        boolean isNeededBy(Pending.Job job) {
            return jobs.stream().anyMatch(job::dependsOn);
        }

        /** With another job; empty if that needs other lines than its own. */
        Optional<Chain> then(Pending.Job next) {
            List<Pending.Job> all =
                    ImmutableList.<Pending.Job>builder().addAll(jobs).add(next).build();
            List<Long> ofNorms = all.stream()
                    .map(j -> entries(j).lines())
                    .filter(n -> n > 0)
                    .distinct()
                    .toList();
            List<Long> counts = ofNorms.isEmpty() ? entries(next).counts() : ofNorms;
            int most = ofNorms.isEmpty() ? MOST_WITHOUT_NORM : MOST_WITH_NORM;
            return ofNorms.size() > 1
                    ? Optional.empty()
                    : counts.stream()
                            .filter(count -> isByLine(all, count, most))
                            .findFirst()
                            .map(count -> new Chain(all, count));
        }

        private static boolean isByLine(List<Pending.Job> jobs, long count, int most) {
            boolean is = jobs.stream().allMatch(j -> entries(j).fitLines(count, most));
            for (int i = 1; i < jobs.size() && is; i++) {
                Pending.Entries own = entries(jobs.get(i));
                is = jobs.subList(0, i).stream().allMatch(j -> own.staysInLine(entries(j), count));
            }
            return is;
        }

        /** All jobs as one of {@link LinesKernel}'s. */
        Pending.Job job() {
            long together = together();
            long count = lines == 0
                    ? Math.ceilDiv(entries(jobs.getFirst()).elements(), LinesKernel.GROUP)
                    : Math.ceilDiv(lines, together);
            Steps steps = new Steps(Math.toIntExact(count));
            jobs.forEach(j ->
                    steps.add(j, lines == 0 ? LinesKernel.GROUP : entries(j).elements() / lines * together));
            return new Pending.Job(
                    steps.row(),
                    LINES.itemsFor(count * LinesKernel.GROUP),
                    steps.labels(),
                    jobs.stream().flatMap(j -> j.reads().stream()).toList(),
                    jobs.stream().flatMap(j -> j.writes().stream()).toList(),
                    Optional.empty());
        }

        /** How many lines a work-group does at once: several if they are short and nothing sums them up. */
        private long together() {
            boolean hasNorm = jobs.stream().anyMatch(j -> entries(j).lines() > 0);
            long longest =
                    jobs.stream().mapToLong(j -> entries(j).elements()).max().orElseThrow() / Math.max(1, lines);
            return hasNorm ? 1 : Math.max(1, LinesKernel.GROUP / Math.max(1, longest));
        }
    }

    /** The row of a chain as it is written. */
    private static final class Steps {
        private static final int NONE = -1;

        private final int lines;
        private final List<int[]> rows = new ArrayList<>();
        private final List<String> labels = new ArrayList<>();
        /** Of each step which rows are its program and its norm. */
        private final List<int[]> steps = new ArrayList<>();

        Steps(int lines) {
            this.lines = lines;
        }

        void add(Pending.Job job, long ofLine) {
            Pending.Entries entries = job.entries().orElseThrow();
            int[] row = job.row().toArray();
            if (entries.lines() > 0) {
                if (steps.isEmpty() || steps.getLast()[1] != NONE) {
                    steps.add(new int[] {NONE, NONE});
                }
                steps.getLast()[1] = rows.size();
            } else {
                row[Interpreter.EXTRA] = Math.toIntExact(ofLine);
                steps.add(new int[] {rows.size(), NONE});
            }
            rows.add(row);
            labels.addAll(job.labels().values());
        }

        private int begin(int row) {
            int begin = LinesKernel.STEPS + steps.size() * LinesKernel.STEP;
            for (int i = 0; i < row; i++) {
                begin += rows.get(i).length;
            }
            return begin;
        }

        Row row() {
            Row row = new Row().add(lines, steps.size());
            int noProgram = begin(rows.size());
            for (int[] step : steps) {
                row.add(
                        step[0] == NONE ? noProgram : begin(step[0]),
                        step[1] == NONE ? noProgram + Interpreter.OPERANDS : begin(step[1]));
            }
            rows.forEach(row::add);
            return row.add(new int[Interpreter.OPERANDS]).add(NormRow.none());
        }

        Map<Integer, String> labels() {
            ImmutableMap.Builder<Integer, String> all = ImmutableMap.builder();
            for (int i = 0; i < rows.size(); i++) {
                all.put(i == 0 ? 0 : begin(i), labels.get(i));
            }
            return all.buildOrThrow();
        }
    }
}
