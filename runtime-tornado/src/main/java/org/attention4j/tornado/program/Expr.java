package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.attention4j.tornado.kernel.Code;

/**
 * How the elements of a value are computed from memory, one by one. Trees may share nodes; a node is compared by identity where
 * that matters. All accesses have the rank of the value.
 */
public sealed interface Expr {
    /** True for a float, false for an integer. */
    boolean isFloat();

    /** Instructions, counting shared ones as often as they are used. */
    int nodes();

    /** Operands, counted in the same way. */
    int operands();

    /** The elements of a buffer. */
    record Load(Buffer buffer, Access access) implements Expr {
        @Override
        public boolean isFloat() {
            return buffer.isFloat();
        }

        @Override
        public int nodes() {
            return 1;
        }

        @Override
        public int operands() {
            return 1;
        }
    }

    /** The address itself as an integer. */
    record Address(Access access) implements Expr {
        @Override
        public boolean isFloat() {
            return false;
        }

        @Override
        public int nodes() {
            return 1;
        }

        @Override
        public int operands() {
            return 1;
        }
    }

    /** An integer. */
    record Whole(int value) implements Expr {
        @Override
        public boolean isFloat() {
            return false;
        }

        @Override
        public int nodes() {
            return 1;
        }

        @Override
        public int operands() {
            return 0;
        }
    }

    /**
     * Entries of a buffer's axis at an index that is computed.
     *
     * @param lenient whether an index out of range gives 0; else it fails the run
     */
    record Gathered(Buffer buffer, Access access, int axisStride, int axisSize, boolean lenient, Expr index)
            implements Expr {
        @Override
        public boolean isFloat() {
            return buffer.isFloat();
        }

        @Override
        public int nodes() {
            return 1 + index.nodes();
        }

        @Override
        public int operands() {
            return 1 + index.operands();
        }
    }

    /** An instruction ({@link Code}). */
    record Apply(int code, boolean isFloat, List<Expr> args, int nodes, int operands) implements Expr {
        public Apply {
            args = ImmutableList.copyOf(args);
        }
    }

    /** An instruction on these. */
    static Expr apply(int code, boolean isFloat, Expr... args) {
        int nodes = 1;
        int operands = 0;
        for (Expr e : args) {
            nodes += e.nodes();
            operands += e.operands();
        }
        return new Apply(code, isFloat, ImmutableList.copyOf(args), nodes, operands);
    }

    /** The same with other accesses; empty if {@code change} has none for one of them. */
    default Optional<Expr> change(Function<Access, Optional<Access>> change) {
        return switch (this) {
            case Load(Buffer buffer, Access access) -> change.apply(access).map(a -> new Load(buffer, a));
            case Address(Access access) -> change.apply(access).map(Address::new);
            case Whole n -> Optional.of(n);
            case Gathered g ->
                change.apply(g.access)
                        .flatMap(a -> g.index
                                .change(change)
                                .map(i -> new Gathered(g.buffer, a, g.axisStride, g.axisSize, g.lenient, i)));
            case Apply a -> {
                Expr[] changed = new Expr[a.args.size()];
                for (int i = 0; i < changed.length; i++) {
                    Optional<Expr> arg = a.args.get(i).change(change);
                    if (arg.isEmpty()) {
                        yield Optional.empty();
                    }
                    changed[i] = arg.get();
                }
                yield Optional.of(apply(a.code, a.isFloat, changed));
            }
        };
    }

    /** The same with other accesses. */
    default Expr map(Function<Access, Access> change) {
        return change(a -> Optional.of(change.apply(a))).orElseThrow();
    }

    /** Visits each buffer that is read, and how, as often as it is. */
    default void loads(Consumer<Load> visitor) {
        switch (this) {
            case Load l -> visitor.accept(l);
            case Address a -> {}
            case Whole n -> {}
            case Gathered g -> {
                visitor.accept(new Load(g.buffer, g.access));
                g.index.loads(visitor);
            }
            case Apply a -> a.args.forEach(e -> e.loads(visitor));
        }
    }

    /** Whether an element is read from anywhere but its own place. */
    default boolean gathers() {
        return switch (this) {
            case Gathered g -> true;
            case Apply a -> a.args.stream().anyMatch(Expr::gathers);
            default -> false;
        };
    }
}
