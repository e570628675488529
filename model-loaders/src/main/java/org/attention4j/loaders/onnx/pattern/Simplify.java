package org.attention4j.loaders.onnx.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** Transposes after transposes, reshapes after reshapes, and casts to a wider type and back. */
final class Simplify implements GraphRewrite.Rule {
    private final Source source;

    Simplify(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        return op instanceof Primitive p
                ? switch (p.op()) {
                    case PrimitiveOp.Transpose t -> transpose(p.inputs().getFirst(), t.permutation());
                    case PrimitiveOp.Reshape r -> reshape(p, r);
                    case PrimitiveOp.Cast c -> cast(p.inputs().getFirst(), c.dtype());
                    default -> Optional.empty();
                }
                : Optional.empty();
    }

    private Optional<GraphRewrite.Replacement> transpose(Value x, List<Integer> permutation) {
        if (isIdentity(permutation)) {
            return Optional.of((b, now) -> List.of(now.apply(x)));
        }
        if (!(source.producer(x) instanceof Primitive(PrimitiveOp.Transpose t, List<Value> in, List<Value> out))) {
            return Optional.empty();
        }
        List<Integer> both = new ArrayList<>();
        permutation.forEach(axis -> both.add(t.permutation().get(axis)));
        return Optional.of((b, now) -> {
            Value from = now.apply(in.getFirst());
            return List.of(
                    isIdentity(both)
                            ? from
                            : b.transpose(from, both.stream().mapToInt(i -> i).toArray()));
        });
    }

    private static boolean isIdentity(List<Integer> permutation) {
        for (int i = 0; i < permutation.size(); i++) {
            if (permutation.get(i) != i) {
                return false;
            }
        }
        return true;
    }

    private Optional<GraphRewrite.Replacement> reshape(Primitive p, PrimitiveOp.Reshape r) {
        Value x = p.inputs().getFirst();
        return source.inputs(x, PrimitiveOp.Reshape.class)
                .map(in -> (b, now) -> List.of(b.reshape(now.apply(in.getFirst()), r.dims())));
    }

    /** From F16 to F32 and back changes nothing. */
    private Optional<GraphRewrite.Replacement> cast(Value x, DType to) {
        return source.inputs(x, PrimitiveOp.Cast.class)
                .filter(in -> in.getFirst().type().dtype() == to)
                .filter(in -> to == DType.F16 || to == DType.BF16)
                .filter(in -> x.type().dtype() == DType.F32 || x.type().dtype() == DType.F64)
                .map(in -> (b, now) -> List.of(now.apply(in.getFirst())));
    }
}
