package org.attention4j.tornado.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.Interpreter;
import org.attention4j.tornado.kernel.MapKernel;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.machine.Regions;

/** Writes launches and their table, and hands out temporary memory. */
public final class Emitter {
    static final Kernel MAP = new Kernel("map", 64, false, MapKernel::run);

    private final Row table = new Row();
    private final Deque<List<Step>> steps = new ArrayDeque<>();
    private final Regions floats = new Regions(0, Integer.MAX_VALUE);
    private final Regions ints = new Regions(0, Integer.MAX_VALUE);
    private String label = "";

    Emitter() {
        steps.push(new ArrayList<>());
        // A row's number is never 0: that means that nothing failed.
        table.add(0);
    }

    /** Says which op the next launches are for. */
    void at(String newLabel) {
        label = newLabel;
    }

    String label() {
        return label;
    }

    int loopDepth() {
        return steps.size() - 1;
    }

    void beginLoop() {
        steps.push(new ArrayList<>());
    }

    void endLoop(int count) {
        List<Step> body = steps.pop();
        steps.getFirst().add(new Step.Loop(count, steps.size() - 1, body));
    }

    List<Step> steps() {
        return steps.getFirst();
    }

    int[] table() {
        return table.toArray();
    }

    /** Temporary elements of a bank that the program takes. */
    int scratch(Bank bank) {
        return (bank == Bank.FLOATS ? floats : ints).peak();
    }

    void launch(Kernel kernel, int[] row, int items) {
        int at = table.size();
        table.add(row);
        steps.getFirst().add(new Step.Launch(kernel, at, items, label));
    }

    /** Temporary memory, which somebody must refer to or free. */
    Buffer allocate(boolean isFloat, long elements) {
        if (elements > Integer.MAX_VALUE - 2 * Regions.ALIGNMENT) {
            throw new BackendException("%s: a value of %d elements, expected at most %d"
                    .formatted(label, elements, Integer.MAX_VALUE - 2 * Regions.ALIGNMENT));
        }
        Regions regions = isFloat ? floats : ints;
        int offset = regions.allocate((int) elements)
                .orElseThrow(() -> new BackendException(
                        "%s: no room for %d more temporary elements beside %d".formatted(label, elements, regions.peak())));
        return isFloat
                ? new Buffer(Bank.FLOATS, Rows.SCRATCH, offset)
                : new Buffer(Bank.INTS, Rows.SCRATCH + 1, offset);
    }

    /** Frees the memory if it is temporary and nobody refers to it. */
    void freeUnused(Buffer buffer) {
        if (buffer.references == 0 && !buffer.freed && buffer.base >= Rows.SCRATCH) {
            buffer.freed = true;
            (buffer.isFloat() ? floats : ints).free(buffer.offset);
        }
    }

    /** Computes the elements of an expression and puts them to a place. */
    void map(Expr e, int[] dims, Access to) {
        long elements = Held.elements(dims);
        if (elements == 0) {
            return;
        }
        Elementwise code = new Elementwise(dims);
        code.store(e, to);
        launch(MAP, code.row(Math.toIntExact(elements), 0), MAP.itemsFor(elements));
    }

    /** The value in new temporary memory, row-major. */
    Expr.Load store(Held held) {
        Buffer buffer = allocate(held.expr().isFloat(), held.elements());
        Access access = Access.dense(buffer.base, buffer.offset, held.dims());
        map(held.expr(), held.dims(), access);
        return new Expr.Load(buffer, access);
    }

    /** Whether an expression and {@code more} operands are few enough for a launch. */
    static boolean fits(int nodes, int operands, int more) {
        return nodes + more <= Code.MOST
                && operands + more <= Interpreter.MOST_OPERANDS;
    }
}
