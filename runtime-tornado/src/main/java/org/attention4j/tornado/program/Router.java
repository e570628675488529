package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Interpreter;
import org.attention4j.tornado.kernel.NormRow;
import org.attention4j.tornado.kernel.RoutingKernel;
import org.attention4j.tornado.kernel.RoutingRow;
import org.attention4j.tornado.machine.Kernel;

/**
 * The launch that chooses experts by a router's logits. It computes them too if they are products that nobody has asked for yet, with
 * so few weights that one work-group can read them for a token; and before that the norm of what they are products with, if this is
 * all that they wait for.
 */
public final class Router {
    private static final Kernel OF_ITEMS = Kernel.together("routing", RoutingKernel.GROUP, RoutingKernel::run);
    private static final Kernel OF_LANES = Kernel.together("routing", RoutingKernel.LARGE_GROUP, RoutingKernel::run);

    /** The most weights that a core reads for a token in less time than a launch takes with all cores. */
    private static final long MOST_OF_A_CORE = 1 << 19;
    /** The same of a GPU, of which a work-group is a smaller part. */
    private static final long MOST_OF_A_GROUP = 1 << 17;

    private final Lowerer l;
    private final Expr.Load logits;
    private final int tokens;
    private final Optional<Program> program;

    /** The program that computes the logits. */
    private record Program(Row row, int array, List<Buffer> reads, Pending.Entries entries, String label) {
        Program {
            reads = ImmutableList.copyOf(reads);
        }
    }

    private Router(Lowerer l, Expr.Load logits, int tokens, Optional<Program> program) {
        this.l = l;
        this.logits = logits;
        this.tokens = tokens;
        this.program = program;
    }

    /** Of logits {@code [..., experts]}. */
    public static Router of(Lowerer l, Value logits) {
        Held held = l.get(logits);
        int[] dims = held.dims();
        int experts = dims[dims.length - 1];
        int tokens = Math.toIntExact(held.elements() / experts);
        List<Expr.Product> products = held.expr().products();
        long weights = products.stream()
                .mapToLong(p -> (long) p.weight().inner() * experts)
                .sum();
        boolean isLittle = weights <= (l.emitter().isProcessor() ? MOST_OF_A_CORE : MOST_OF_A_GROUP);
        if (tokens == 0 || products.isEmpty() || !isLittle || !Emitter.fits(held.expr(), 1)) {
            return new Router(l, l.rows(logits), tokens, Optional.empty());
        }
        Expr.Load to = l.allocate(true, dims);
        return new Router(l, to, tokens, Optional.of(program(held, products, to, l.maker(logits))));
    }

    private static Program program(Held held, List<Expr.Product> products, Expr.Load to, String label) {
        Elementwise code = new Elementwise(held.dims(), products);
        code.store(held.expr(), to.access());
        List<Buffer> reads = new ArrayList<>();
        held.expr().loads(load -> reads.add(load.buffer()));
        List<Touch> touches = new ArrayList<>(Touch.reads(held.expr()));
        products.forEach(p ->
                touches.add(new Touch(p.buffer(), false, p.x(), 1, p.weight().inner())));
        Pending.Entries entries = new Pending.Entries(ImmutableIntArray.copyOf(held.dims()), touches, 0);
        return new Program(
                code.row(Math.toIntExact(held.elements()), 0),
                products.getFirst().weight().array(),
                reads,
                entries,
                label);
    }

    /** The logits in memory, once they are chosen by. */
    public Expr.Load logits() {
        return logits;
    }

    /** How many tokens choose. */
    public int tokens() {
        return tokens;
    }

    /**
     * Launches the choice.
     *
     * @param row the {@link RoutingRow}, with {@link #places} and without what follows them
     * @param reads what the choice reads beside the logits
     */
    public void launch(Row row, List<Buffer> reads, Buffer ids, Buffer weights) {
        List<Buffer> all = new ArrayList<>(reads);
        List<Buffer> writes = new ArrayList<>(List.of(ids, weights));
        program.ifPresentOrElse(
                p -> {
                    all.addAll(p.reads);
                    writes.add(logits.buffer());
                },
                () -> all.add(logits.buffer()));
        Kernel kernel = l.emitter().isProcessor() ? OF_ITEMS : OF_LANES;
        int items = tokens * kernel.group();
        Pending.Job plain = new Pending.Job(row, items, Map.of(), all, writes, Optional.empty());
        Optional<Pending.Job> norm = program.flatMap(p -> takeNorm(plain, p.entries));
        norm.ifPresent(n -> {
            all.addAll(n.reads());
            writes.addAll(n.writes());
        });
        ImmutableMap.Builder<Integer, String> labels = ImmutableMap.builder();
        labels.put(0, l.emitter().label());
        norm.ifPresent(
                n -> labels.put(RoutingRow.SIZE, n.labels().values().iterator().next()));
        program.ifPresent(p -> labels.put(RoutingRow.SIZE + NormRow.SIZE, p.label));
        row.add(norm.map(n -> n.row().toArray()).orElseGet(NormRow::none));
        row.add(program.map(p -> p.row.toArray()).orElseGet(() -> new int[Interpreter.OPERANDS]));
        l.emitter()
                .launch(
                        kernel,
                        program.map(p -> p.array).orElse(0),
                        new Pending.Job(row, items, labels.buildOrThrow(), all, writes, Optional.empty()));
    }

    /**
     * Takes back a norm that nobody but {@code next} waits for yet, while {@code next} waits for nothing that was launched since.
     *
     * @param entries what reads the norm's lines
     * @return the norm, for {@code next} to do first; empty if there is none
     */
    private Optional<Pending.Job> takeNorm(Pending.Job next, Pending.Entries entries) {
        List<Pending> before = l.emitter().launched();
        for (int i = before.size() - 1; i >= Math.max(0, before.size() - Emitter.LOOK_BACK); i--) {
            if (!(before.get(i) instanceof Pending.Launch launch)) {
                return Optional.empty();
            }
            List<Pending.Job> needed =
                    launch.jobs.stream().filter(next::dependsOn).toList();
            if (needed.isEmpty()) {
                continue;
            }
            Pending.Job norm = needed.getFirst();
            boolean isWaitedFor = before.subList(i + 1, before.size()).stream()
                    .anyMatch(later -> !(later instanceof Pending.Launch other) || !other.isIndependentOf(norm));
            if (needed.size() > 1 || isWaitedFor || !norm.isNormBefore(next, entries, tokens)) {
                return Optional.empty();
            }
            launch.jobs.remove(norm);
            if (launch.jobs.isEmpty()) {
                before.remove(i);
            }
            return Optional.of(norm);
        }
        return Optional.empty();
    }

    /** Where in the row the norm's and the program's begin, and how many work-items share a logit. */
    public int[] places() {
        int lanes = l.emitter().isProcessor() ? 1 : RoutingKernel.LANES;
        return new int[] {RoutingRow.SIZE, RoutingRow.SIZE + NormRow.SIZE, lanes};
    }
}
