package org.attention4j.tornado.norm;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.program.Buffer;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;

/**
 * One launch for a norm, or for several that don't depend on each other.
 *
 * @param parts equal parts of x's last dimension, each normalised by itself
 * @param centred whether the mean is taken away
 * @param mean whether squares are averaged; else they are summed
 * @param eps what is added to that
 * @param offset what is added to the weight
 */
record NormRows(int parts, boolean centred, boolean mean, double eps, double offset) {
    /** Of the composite's input x, with its weight and bias if it has such. */
    void lower(Lowerer l, Composite composite) {
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        int width = dims[dims.length - 1] / parts;
        Expr.Load from = l.rows(composite.input("x"));
        Optional<Expr.Load> weight = composite.findInput("weight").map(l::stored);
        Optional<Expr.Load> bias = composite.findInput("bias").map(l::stored);
        Expr.Load result = l.allocate(true, dims);
        long elements = l.get(composite.input("x")).elements();
        if (elements > 0) {
            int lines = Math.toIntExact(elements / width);
            Expr.Load nothing = l.number(0);
            Row row = new Row()
                    .add(width, mean ? width : 1, centred ? 1 : 0, parts)
                    .add(from.access().withStrides(width, 1))
                    .add(result.access().withStrides(width, 1))
                    .add(byPart(weight, nothing, width).access())
                    .add(byPart(bias, nothing, width).access())
                    .add(l.number((float) eps).access())
                    .add(l.number((float) (weight.isPresent() ? offset : 1)).access());
            List<Buffer> parameters = Buffers.of(weight.orElse(nothing), bias.orElse(nothing));
            l.emitter().norm(row, lines, width, from, result, parameters);
        }
        l.define(y, new Held(result, dims));
    }

    private static Expr.Load byPart(Optional<Expr.Load> parameter, Expr.Load nothing, int width) {
        return parameter
                .map(p -> new Expr.Load(
                        p.buffer(),
                        p.access()
                                .withStrides(
                                        width * p.access().stride(0), p.access().stride(0))))
                .orElseGet(
                        () -> new Expr.Load(nothing.buffer(), nothing.access().withStrides(0, 0)));
    }
}
