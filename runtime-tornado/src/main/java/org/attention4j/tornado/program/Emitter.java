package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.ExpertsKernel;
import org.attention4j.tornado.kernel.Interpreter;
import org.attention4j.tornado.kernel.LinearKernel;
import org.attention4j.tornado.kernel.LinesKernel;
import org.attention4j.tornado.kernel.MapKernel;
import org.attention4j.tornado.kernel.NormRow;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.machine.Regions;

/** Writes launches and their table, and hands out temporary memory. */
public final class Emitter {
    static final Kernel MAP = Kernel.list("map", 64, MapKernel::run);
    static final Kernel LINEAR = Kernel.onBytes("linear", 64, true, LinearKernel::run);

    private static final Kernel EXPERTS = Kernel.onBytes("experts", 64, true, ExpertsKernel::run);

    static final Kernel LINEAR_GROUPS =
            new Kernel("linearGroups", LinearKernel.GROUP, true, true, new Kernel.Code.OnBytes(LinearKernel::groups));

    /** How many launches back one is looked for that another can join. */
    static final int LOOK_BACK = 12;

    private final Row table = new Row();
    private final Deque<List<Pending>> steps = new ArrayDeque<>();
    private final Scratch scratch = new Scratch();
    private final boolean isProcessor;
    private String label = "";
    /** What was last put into panels, and these; they are referred to. */
    private Optional<Panels> panels = Optional.empty();

    private record Panels(Expr.Load x, Expr.Load panels) {}

    Emitter(boolean isProcessor) {
        this.isProcessor = isProcessor;
        steps.push(new ArrayList<>());
        // A row's number is never 0: that means that nothing failed.
        table.add(0);
    }

    /** Says which op the next launches are for. */
    void at(String newLabel) {
        label = newLabel;
    }

    /** The op that launches are for, for messages. */
    public String label() {
        return label;
    }

    /** See {@link org.attention4j.tornado.machine.Machine#isProcessor}. */
    public boolean isProcessor() {
        return isProcessor;
    }

    /** Rows in panels: see {@link Gemm}. The last ones are kept, since several weights often take the same rows. */
    Expr.Load panels(Expr.Load x, int tokens, int inner) {
        if (panels.isEmpty() || !panels.get().x.equals(x)) {
            forgetPanels();
            Expr.Load made = Gemm.panels(this, x, tokens, inner);
            made.buffer().references++;
            panels = Optional.of(new Panels(x, made));
        }
        return panels.get().panels;
    }

    private void forgetPanels() {
        panels.ifPresent(p -> {
            p.panels.buffer().references--;
            freeUnused(p.panels.buffer());
        });
        panels = Optional.empty();
    }

    int loopDepth() {
        return steps.size() - 1;
    }

    void beginLoop() {
        forgetPanels();
        steps.push(new ArrayList<>());
    }

    void endLoop(int count) {
        forgetPanels();
        List<Pending> body = Chains.join(steps.pop());
        steps.getFirst().add(new Pending.Loop(count, steps.size() - 1, body));
    }

    /** All steps; their numbers are in the table then. */
    List<Step> finish() {
        return Chains.join(steps.getFirst()).stream().map(this::finish).toList();
    }

    private Step finish(Pending pending) {
        return switch (pending) {
            case Pending.Loop l ->
                new Step.Loop(
                        l.count(),
                        l.depth(),
                        l.body().stream().map(this::finish).toList());
            case Pending.Launch l -> {
                int list = table.size();
                ImmutableMap.Builder<Integer, String> labels = ImmutableMap.builder();
                long items = 0;
                if (l.kernel.takesList()) {
                    table.add(l.jobs.size());
                    int row = 1 + l.jobs.size();
                    for (Pending.Job job : l.jobs) {
                        table.add(row);
                        row += job.row().size();
                    }
                }
                for (Pending.Job job : l.jobs) {
                    int begin = table.size();
                    job.labels().forEach((at, text) -> labels.put(begin + at, text));
                    table.add(job.row().toArray());
                    items += job.items();
                }
                int all = l.jobs.size() == 1 ? (int) items : l.kernel.itemsFor(items);
                yield new Step.Launch(l.kernel, l.array, list, all, labels.buildOrThrow());
            }
        };
    }

    int[] table() {
        return table.toArray();
    }

    /** Temporary elements of a bank that the program takes. */
    int scratch(Bank bank) {
        return scratch.peak(bank);
    }

    /** Launches a kernel that reads and writes these. */
    public void launch(Kernel kernel, Row row, int items, Collection<Buffer> reads, Buffer... writes) {
        launch(kernel, 0, row, items, reads, writes);
    }

    /** The same for a kernel that reads an array of bytes. */
    void launch(Kernel kernel, int array, Row row, int items, Collection<Buffer> reads, Buffer... writes) {
        launch(kernel, array, job(row, items, reads, ImmutableList.copyOf(writes), Optional.empty()));
    }

    private Pending.Job job(
            Row row, int items, Collection<Buffer> reads, List<Buffer> writes, Optional<Pending.Entries> entries) {
        return new Pending.Job(row, items, ImmutableMap.of(0, label), List.copyOf(reads), writes, entries);
    }

    /**
     * Launches a norm.
     *
     * @param row as {@link NormRow} has it
     * @param from what is normalised, in one piece
     * @param parameters what else it reads
     */
    public void norm(Row row, int lines, int width, Expr.Load from, Expr.Load to, List<Buffer> parameters) {
        ImmutableIntArray dims = ImmutableIntArray.of(lines, width);
        List<Buffer> reads = ImmutableList.<Buffer>builder()
                .add(from.buffer())
                .addAll(parameters)
                .build();
        List<Touch> touches = ImmutableList.of(
                new Touch(from.buffer(), false, from.access().withStrides(width, 1), 0, 0),
                new Touch(to.buffer(), true, to.access().withStrides(width, 1), 0, 0));
        launch(
                Chains.LINES,
                0,
                job(
                        row,
                        Chains.LINES.itemsFor((long) lines * LinesKernel.GROUP),
                        reads,
                        ImmutableList.of(to.buffer()),
                        Optional.of(new Pending.Entries(dims, touches, lines))));
    }

    /** The job joins an earlier launch of its kernel if nothing since then stands in its way. */
    void launch(Kernel kernel, int array, Pending.Job job) {
        if (panels.isPresent() && job.writes().stream().anyMatch(panels.get().x.buffer()::overlaps)) {
            forgetPanels();
        }
        List<Pending> before = steps.getFirst();
        if (kernel.takesList()) {
            for (int i = before.size() - 1; i >= Math.max(0, before.size() - LOOK_BACK); i--) {
                if (!(before.get(i) instanceof Pending.Launch l) || !l.isIndependentOf(job)) {
                    break;
                }
                if (l.kernel.equals(kernel) && l.array == array) {
                    l.jobs.add(job);
                    return;
                }
            }
        }
        before.add(new Pending.Launch(kernel, array, ImmutableList.of(job)));
    }

    /** What was launched so far in the loop that is being written; may be changed. */
    List<Pending> launched() {
        return steps.getFirst();
    }

    /** Temporary memory, which somebody must refer to or free. */
    Buffer allocate(boolean isFloat, long elements) {
        if (elements > Integer.MAX_VALUE - 2 * Regions.ALIGNMENT) {
            throw new BackendException("%s: a value of %d elements, expected at most %d"
                    .formatted(label, elements, Integer.MAX_VALUE - 2 * Regions.ALIGNMENT));
        }
        return scratch.allocate(isFloat, (int) elements)
                .orElseThrow(() -> new BackendException("%s: no room for %d more temporary elements beside %d"
                        .formatted(label, elements, scratch(isFloat ? Bank.FLOATS : Bank.INTS))));
    }

    /** Frees the memory if it is temporary and nobody refers to it. */
    void freeUnused(Buffer buffer) {
        scratch.freeUnused(buffer);
    }

    /** Computes the elements of an expression and puts them to a place. */
    void map(Expr e, int[] dims, Expr.Load to) {
        long elements = Held.elements(dims);
        if (elements == 0) {
            return;
        }
        Elementwise code = new Elementwise(dims, e.products());
        code.store(e, to.access());
        emit(code, dims, e, new Touch(to.buffer(), true, to.access(), 0, 0));
    }

    /**
     * Computes the elements of an expression and puts each to the entry of an axis that {@code index} says, or nowhere if there is
     * no such entry.
     *
     * @param to the place, whatever the index
     */
    void scatter(Expr e, Expr index, int[] dims, Expr.Load to, int axisStride, int axisSize) {
        long elements = Held.elements(dims);
        if (elements == 0) {
            return;
        }
        Elementwise code = new Elementwise(dims, e.products());
        code.scatter(e, index, to.access(), axisStride, axisSize);
        Touch written = new Touch(to.buffer(), true, to.access(), axisStride, axisSize);
        emit(code, dims, Expr.apply(Code.SCATTER_FLOAT, true, e, index), written);
    }

    /** Launches an elementwise program that computes an expression and stores it. */
    private void emit(Elementwise code, int[] dims, Expr e, Touch written) {
        List<Expr.Product> products = e.products();
        int array = products.isEmpty() ? 0 : products.getFirst().weight().array();
        List<Buffer> reads = new ArrayList<>();
        e.loads(l -> reads.add(l.buffer()));
        Kernel kernel = kernel(products);
        long elements = Held.elements(dims);
        List<Touch> touches = ImmutableList.<Touch>builder()
                .addAll(Touch.reads(e))
                .add(written)
                .build();
        Pending.Entries entries = new Pending.Entries(ImmutableIntArray.copyOf(dims), touches, 0);
        launch(
                kernel,
                array,
                job(
                        code.row(Math.toIntExact(elements), 0),
                        kernel.itemsFor(kernel.equals(LINEAR_GROUPS) ? elements * LinearKernel.GROUP : elements),
                        reads,
                        ImmutableList.of(written.buffer()),
                        products.isEmpty() ? Optional.of(entries) : Optional.empty()));
    }

    private Kernel kernel(List<Expr.Product> products) {
        if (products.isEmpty()) {
            return MAP;
        }
        boolean areChosen = products.getFirst().choice().isPresent();
        return areChosen ? EXPERTS : isProcessor ? LINEAR : LINEAR_GROUPS;
    }

    /** The value in new temporary memory, row-major. */
    Expr.Load store(Held held) {
        Buffer buffer = allocate(held.expr().isFloat(), held.elements());
        Expr.Load to = new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, held.dims()));
        map(held.expr(), held.dims(), to);
        return to;
    }

    /** Whether an expression and {@code more} operands and instructions are few enough for a launch. */
    static boolean fits(Expr e, int more) {
        List<Expr.Product> products = e.products();
        return e.nodes().size() + more <= Code.MOST
                && e.operands() + more <= Interpreter.MOST_OPERANDS
                && products.size() <= LinearKernel.MOST_PRODUCTS
                && products.stream().map(p -> p.choice().isPresent()).distinct().count() <= 1
                && products.stream().map(p -> p.weight().array()).distinct().count() <= 1;
    }
}
