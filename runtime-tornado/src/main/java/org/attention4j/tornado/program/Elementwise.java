package org.attention4j.tornado.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.Interpreter;
import org.attention4j.tornado.kernel.Rows;

/** Writes the row of a launch that runs an elementwise program: dims, operands and instructions. */
final class Elementwise {
    private record Operand(Access access, int axisStride, int axisSize) {}

    private final int[] dims;
    private final List<Operand> operands = new ArrayList<>();
    private final List<int[]> codes = new ArrayList<>();
    private final IdentityHashMap<Expr, Integer> registers = new IdentityHashMap<>();
    private final Map<Expr.Load, Integer> loaded = new HashMap<>();

    private final List<Expr.Product> products;

    /** Of elements of these dims; the first registers hold the products. */
    Elementwise(int[] dims, List<Expr.Product> products) {
        this.dims = dims;
        this.products = products;
        for (Expr.Product p : products) {
            registers.put(p, code(Code.NUMBER, 0, 0, 0));
        }
        products.forEach(p -> {
            operand(p.x(), 0, 0);
            operand(p.column(), 0, 0);
            p.choice().ifPresent(c -> c.loads().forEach(l -> operand(l.access(), 0, 0)));
        });
    }

    private int operand(Access access, int axisStride, int axisSize) {
        Operand operand = new Operand(access, axisStride, axisSize);
        int known = operands.indexOf(operand);
        if (known >= 0) {
            return known;
        }
        operands.add(operand);
        return operands.size() - 1;
    }

    private int code(int code, int a, int b, int c) {
        codes.add(new int[] {code, a, b, c});
        return codes.size() - 1;
    }

    /** The register that holds the expression's value. */
    int register(Expr e) {
        Integer known = registers.get(e);
        if (known == null) {
            known = switch (e) {
                case Expr.Load l -> {
                    Integer same = loaded.get(l);
                    if (same == null) {
                        int code = l.isFloat() ? Code.LOAD_FLOAT : Code.LOAD_INT;
                        same = code(code, operand(l.access(), 0, 0), 0, 0);
                        loaded.put(l, same);
                    }
                    yield same;
                }
                case Expr.Address a -> code(Code.ADDRESS, operand(a.access(), 0, 0), 0, 0);
                case Expr.Whole n -> code(Code.NUMBER, n.value(), 0, 0);
                case Expr.Gathered g -> {
                    int index = register(g.index());
                    int code = g.lenient() ? Code.PEEK_FLOAT : Code.GATHER_FLOAT;
                    yield code(
                            g.isFloat() ? code : code + 1, operand(g.access(), g.axisStride(), g.axisSize()), index, 0);
                }
                case Expr.Product p -> throw new IllegalStateException("a product that was not announced");
                case Expr.Apply a -> {
                    int[] args = new int[3];
                    for (int i = 0; i < a.args().size(); i++) {
                        args[i] = register(a.args().get(i));
                    }
                    yield code(a.code(), args[0], args[1], args[2]);
                }
            };
            registers.put(e, known);
        }
        return known;
    }

    /** Puts an expression's value to a place. */
    void store(Expr e, Access to) {
        int from = register(e);
        code(e.isFloat() ? Code.STORE_FLOAT : Code.STORE_INT, operand(to, 0, 0), from, 0);
    }

    /** Puts an expression's value to the entry of a place's axis that {@code index} says. */
    void scatter(Expr e, Expr index, Access to, int axisStride, int axisSize) {
        int from = register(e);
        int at = register(index);
        code(Code.SCATTER_FLOAT, operand(to, axisStride, axisSize), from, at);
    }

    /** A place that the kernel itself writes to: the operand's number. */
    int target(Access to) {
        return operand(to, 0, 0);
    }

    /**
     * The row.
     *
     * @param elements what the kernel counts
     * @param outer dims that are not merged with those after them
     * @param extra what else the kernel wants to know
     */
    Row row(int elements, int outer, int... extra) {
        if (codes.size() > Code.MOST || operands.size() > Interpreter.MOST_OPERANDS) {
            throw new IllegalStateException("%d instructions on %d operands, at most %d on %d"
                    .formatted(codes.size(), operands.size(), Code.MOST, Interpreter.MOST_OPERANDS));
        }
        List<Integer> kept = merged(outer);
        int[] sizes = new int[kept.size()];
        int d = 0;
        int run = 1;
        for (int i = 0; i < dims.length; i++) {
            run *= dims[i];
            if (d < kept.size() && kept.get(d) == i) {
                sizes[d++] = run;
                run = 1;
            }
        }
        if (sizes.length > Rows.MAX_RANK) {
            throw new IllegalStateException("elements of %d dims, at most %d".formatted(sizes.length, Rows.MAX_RANK));
        }
        Row row = new Row()
                .add(
                        elements,
                        sizes.length,
                        operands.size(),
                        codes.size(),
                        Interpreter.OPERANDS + operands.size() * Rows.OPERAND)
                .add(Arrays.copyOf(products.isEmpty() ? extra : products(), Interpreter.DIMS - Interpreter.EXTRA))
                .addDims(sizes);
        for (Operand o : operands) {
            int[] strides = kept.stream().mapToInt(o.access::stride).toArray();
            row.add(o.access.withStrides(strides), o.axisStride, o.axisSize);
        }
        codes.forEach(row::add);
        for (Expr.Product p : products) {
            Weight w = p.weight();
            row.add(operand(p.x(), 0, 0), operand(p.column(), 0, 0));
            row.add(w.type(), w.offset(), w.rowSize(), w.inner());
            p.choice().ifPresent(c -> add(row, c));
        }
        return row;
    }

    private void add(Row row, Choice c) {
        row.add(operand(c.ids().access(), 0, 0), c.experts(), c.pitch(), c.summed(), c.vectors());
        row.add(operand(c.weights().access(), 0, 0), operand(c.bias().access(), 0, 0), c.biasPitch());
    }

    /** How many products there are, and where they begin: after the instructions. */
    private int[] products() {
        int after = Interpreter.OPERANDS + operands.size() * Rows.OPERAND + codes.size() * Code.SIZE;
        return new int[] {products.size(), after};
    }

    /** The last dim of each run of dims that all operands go through in even steps, without dims of size 1. */
    private List<Integer> merged(int outer) {
        List<Integer> kept = new ArrayList<>();
        for (int d = 0; d < dims.length; d++) {
            if (dims[d] == 1) {
                continue;
            }
            if (!kept.isEmpty() && canMerge(kept.getLast(), d, outer)) {
                kept.removeLast();
            }
            kept.add(d);
        }
        return kept;
    }

    private boolean canMerge(int before, int d, int outer) {
        if (before < outer && d >= outer) {
            return false;
        }
        return operands.stream().allMatch(o -> o.access.stride(before) == o.access.stride(d) * dims[d]);
    }
}
