package org.attention4j.tornado.program;

import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.function.Function;

/** Replaces all accesses of an expression; what nodes share they share afterwards. */
final class Change {
    private final Function<Access, Optional<Access>> access;
    private final IdentityHashMap<Expr, Optional<Expr>> done = new IdentityHashMap<>();

    Change(Function<Access, Optional<Access>> access) {
        this.access = access;
    }

    Optional<Expr> of(Expr e) {
        Optional<Expr> known = done.get(e);
        if (known != null) {
            return known;
        }
        Optional<Expr> changed = switch (e) {
            case Expr.Load l -> load(l).map(moved -> moved);
            case Expr.Address a -> access.apply(a.access()).map(Expr.Address::new);
            case Expr.Whole w -> Optional.of(w);
            case Expr.Gathered g ->
                access.apply(g.access())
                        .flatMap(a -> of(g.index())
                                .map(i -> new Expr.Gathered(
                                        g.buffer(), a, g.axisStride(), g.axisSize(), g.lenient(), i)));
            case Expr.Product p -> product(p);
            case Expr.Apply a -> apply(a);
        };
        done.put(e, changed);
        return changed;
    }

    private Optional<Expr> product(Expr.Product p) {
        Optional<Access> x = access.apply(p.x());
        Optional<Access> column = access.apply(p.column());
        Optional<Choice> choice = p.choice().flatMap(this::choice);
        if (x.isEmpty() || column.isEmpty() || choice.isPresent() != p.choice().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Expr.Product(p.buffer(), x.get(), p.rows(), column.get(), p.weight(), choice));
    }

    private Optional<Choice> choice(Choice c) {
        return load(c.ids())
                .flatMap(ids -> load(c.weights())
                        .flatMap(weights -> load(c.bias())
                                .map(bias -> new Choice(
                                        ids,
                                        c.experts(),
                                        c.pitch(),
                                        c.summed(),
                                        c.vectors(),
                                        weights,
                                        bias,
                                        c.biasPitch()))));
    }

    private Optional<Expr.Load> load(Expr.Load l) {
        return access.apply(l.access()).map(a -> new Expr.Load(l.buffer(), a));
    }

    private Optional<Expr> apply(Expr.Apply a) {
        Expr[] args = new Expr[a.args().size()];
        for (int i = 0; i < args.length; i++) {
            Optional<Expr> arg = of(a.args().get(i));
            if (arg.isEmpty()) {
                return Optional.empty();
            }
            args[i] = arg.get();
        }
        return Optional.of(Expr.apply(a.code(), a.isFloat(), args));
    }
}
