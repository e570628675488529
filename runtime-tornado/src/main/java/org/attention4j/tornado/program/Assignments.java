package org.attention4j.tornado.program;

import java.util.ArrayList;
import java.util.List;

/** Gives variables (states, or what a loop carries) their next values, which may depend on the present ones of all. */
final class Assignments {
    /**
     * One of them.
     *
     * @param target where it lies, in one piece
     * @param next its next value
     */
    record Assignment(Expr.Load target, Held next) {
        boolean changesNothing() {
            return next.dense().filter(d -> d.buffer() == target.buffer()).isPresent();
        }

        boolean reads(Buffer buffer) {
            return next.buffers().contains(buffer);
        }

        /** Whether an element's next value depends on no other element of the target. */
        boolean canBeInPlace() {
            if (!reads(target.buffer())) {
                return true;
            }
            boolean[] same = {!next.expr().gathers()};
            next.expr().loads(l -> {
                if (l.buffer() == target.buffer()) {
                    same[0] &= new Held(l, next.dims()).dense().isPresent();
                }
            });
            return same[0];
        }
    }

    private Assignments() {}

    /** Writes the launches; a value that another one overwrites too early is computed into temporary memory first. */
    static void emit(Lowerer l, List<Assignment> assignments) {
        List<Assignment> open = new ArrayList<>(assignments);
        open.removeIf(Assignment::changesNothing);
        while (!open.isEmpty()) {
            int ready = firstReady(open);
            if (ready >= 0) {
                Assignment a = open.remove(ready);
                l.emitter.map(a.next.expr(), a.next.dims(), a.target);
            } else {
                Assignment a = open.getFirst();
                open.set(0, new Assignment(a.target, new Held(l.copy(a.next), a.next.dims())));
            }
        }
    }

    private static int firstReady(List<Assignment> open) {
        for (int i = 0; i < open.size(); i++) {
            Assignment a = open.get(i);
            Buffer target = a.target.buffer();
            long readers = open.stream().filter(o -> o.reads(target)).count();
            if (a.canBeInPlace() && readers == (a.reads(target) ? 1 : 0)) {
                return i;
            }
        }
        return -1;
    }
}
