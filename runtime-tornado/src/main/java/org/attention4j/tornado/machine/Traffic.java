package org.attention4j.tornado.machine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a machine launched, and what went to its device and came from it: in all, by kernel, and by run. */
public final class Traffic {
    /**
     * So many launches together.
     *
     * @param launches of kernels, those that only move values included
     * @param bytesToDevice of the arrays that went there
     * @param bytesFromDevice of the arrays that came from there
     * @param nanos that kernels ran on the device; 0 where nobody measures that
     * @param reportedToDevice what TornadoVM's profiler counts: kernels' arguments too; 0 where it is off
     * @param reportedFromDevice the same from the device
     */
    public record Sum(
            long launches,
            long bytesToDevice,
            long bytesFromDevice,
            long nanos,
            long reportedToDevice,
            long reportedFromDevice) {
        static final Sum NOTHING = new Sum(0, 0, 0, 0, 0, 0);

        Sum plus(Sum other) {
            return plus(other, 1);
        }

        Sum minus(Sum other) {
            return plus(other, -1);
        }

        private Sum plus(Sum other, int times) {
            return new Sum(
                    launches + times * other.launches,
                    bytesToDevice + times * other.bytesToDevice,
                    bytesFromDevice + times * other.bytesFromDevice,
                    nanos + times * other.nanos,
                    reportedToDevice + times * other.reportedToDevice,
                    reportedFromDevice + times * other.reportedFromDevice);
        }
    }

    /** One run of a graph. */
    public record Run(String graph, Sum sum) {}

    private final Map<String, Sum> kernels = new TreeMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final boolean keepsRuns;
    private Sum total = Sum.NOTHING;

    /** Of a machine that did nothing yet; whether each run shall be kept, which takes memory. */
    public Traffic(boolean keepsRuns) {
        this.keepsRuns = keepsRuns;
    }

    void add(String kernel, Sum sum) {
        kernels.merge(kernel, sum, Sum::plus);
        total = total.plus(sum);
    }

    /** Does what is a run of a graph. */
    public <T> T run(String graph, Supplier<T> work) {
        Sum before = total;
        T result = work.get();
        if (keepsRuns) {
            runs.add(new Run(graph, total.minus(before)));
        }
        return result;
    }

    /** All so far. */
    public Sum total() {
        return total;
    }

    /** All so far, by kernel. */
    public ImmutableMap<String, Sum> kernels() {
        return ImmutableMap.copyOf(kernels);
    }

    /** The runs so far, if they are kept. */
    public ImmutableList<Run> runs() {
        return ImmutableList.copyOf(runs);
    }
}
