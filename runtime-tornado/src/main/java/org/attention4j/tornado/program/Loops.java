package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.Value;

/** Scans: the body's launches are done again and again, on other slices each time. */
final class Loops {
    private static final int MOST_DEPTH = 2;

    private Loops() {}

    static void lower(Lowerer l, Scan scan) {
        Emitter emitter = l.emitter;
        int depth = emitter.loopDepth();
        if (depth >= MOST_DEPTH) {
            throw new BackendException(
                    "%s: a loop in %d loops, expected at most %d".formatted(emitter.label(), depth, MOST_DEPTH - 1));
        }
        int afterCarried = scan.numCarried();
        int afterScanned = afterCarried + scan.numScanned();
        List<Value> in = scan.inputs();
        int steps = l.get(in.get(afterCarried)).dims()[scan.axis()];
        List<Expr.Load> carried = new ArrayList<>();
        for (Value v : in.subList(0, afterCarried)) {
            carried.add(l.copy(l.get(v)));
        }
        List<Expr.Load> stacks = new ArrayList<>();
        for (Value v : scan.outputs().subList(afterCarried, scan.outputs().size())) {
            stacks.add(l.allocate(isFloat(v), l.dims(v)));
        }
        in.subList(afterCarried, afterScanned).forEach(l::stored);
        in.subList(afterScanned, in.size()).stream()
                .filter(v -> l.constant(v).isEmpty())
                .forEach(l::stored);
        if (steps > 0) {
            Graph body = scan.body();
            Lowerer inner = l.inner();
            String label = emitter.label();
            emitter.beginLoop();
            for (int i = 0; i < in.size(); i++) {
                Value v = body.inputs().get(i);
                if (i < afterCarried) {
                    inner.define(v, new Held(carried.get(i), inner.dims(v)));
                } else if (i < afterScanned) {
                    Expr slice = l.get(in.get(i)).expr().map(a -> a.entryOfLoop(scan.axis(), depth));
                    inner.define(v, new Held(slice, inner.dims(v)));
                } else {
                    inner.take(v, l, in.get(i));
                }
            }
            // The outer loop's memory stays in use for the whole loop.
            carried.forEach(c -> c.buffer().references++);
            stacks.forEach(s -> s.buffer().references++);
            inner.lower(body);
            emitter.at(label);
            List<Value> results = ImmutableList.copyOf(body.results().values());
            for (int i = 0; i < stacks.size(); i++) {
                Held entry = inner.get(results.get(afterCarried + i));
                Expr.Load stack = stacks.get(i);
                Access to = stack.access().entryOfLoop(scan.axis(), depth);
                emitter.map(entry.expr(), entry.dims(), new Expr.Load(stack.buffer(), to));
            }
            List<Assignments.Assignment> next = new ArrayList<>();
            for (int i = 0; i < afterCarried; i++) {
                next.add(new Assignments.Assignment(carried.get(i), inner.get(results.get(i))));
            }
            Assignments.emit(inner, next);
            inner.dropAll();
            emitter.endLoop(steps);
            carried.forEach(c -> c.buffer().references--);
            stacks.forEach(s -> s.buffer().references--);
        }
        for (int i = 0; i < scan.outputs().size(); i++) {
            Value v = scan.outputs().get(i);
            l.define(v, new Held(i < afterCarried ? carried.get(i) : stacks.get(i - afterCarried), l.dims(v)));
        }
    }

    private static boolean isFloat(Value v) {
        return v.type().dtype().isFloat();
    }
}
