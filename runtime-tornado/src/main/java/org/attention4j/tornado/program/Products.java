package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.MatMulKernel;
import org.attention4j.tornado.machine.Kernel;

/** Products of matrices, which may lie anyhow. */
final class Products {
    static final Kernel MATMUL = Kernel.of("matmul", 64, false, MatMulKernel::run);

    private Products() {}

    static Held multiply(Lowerer l, Value left, Value right, boolean transposeB, int[] dims) {
        Expr.Load a = l.stored(left);
        Expr.Load b = l.stored(right);
        int[] aDims = l.get(left).dims();
        int[] bDims = l.get(right).dims();
        int rank = dims.length - 2;
        int inner = aDims[aDims.length - 1];
        Expr.Load result = l.allocate(true, dims);
        long elements = Held.elements(dims);
        if (elements == 0) {
            return new Held(result, dims);
        }
        int[] leading = Arrays.copyOf(dims, rank);
        Row row = new Row()
                .add(Math.toIntExact(Held.elements(leading)), dims[rank], dims[rank + 1], inner, rank)
                .addDims(leading)
                .add(matrices(a.access(), aDims, leading, false))
                .add(matrices(b.access(), bDims, leading, transposeB))
                .add(result.access());
        l.emitter.launch(MATMUL, row, MATMUL.itemsFor(elements), List.of(a.buffer(), b.buffer()), result.buffer());
        return new Held(result, dims);
    }

    /** The access with leading dims as those of the result, and the last two in the order of the product. */
    private static Access matrices(Access access, int[] dims, int[] leading, boolean swap) {
        int[] own = Arrays.copyOf(dims, dims.length - 2);
        int rank = leading.length;
        int[] from = new int[own.length + 2];
        int[] to = new int[rank + 2];
        System.arraycopy(own, 0, from, 0, own.length);
        System.arraycopy(leading, 0, to, 0, rank);
        for (int i = 0; i < 2; i++) {
            from[own.length + i] = dims[own.length + i];
            to[rank + i] = dims[own.length + i];
        }
        Access whole = access.broadcast(from, to);
        if (!swap) {
            return whole;
        }
        List<Integer> order = IntStream.range(0, rank + 2)
                .boxed()
                .map(d -> d < rank ? d : 2 * rank + 1 - d)
                .toList();
        return whole.transpose(order);
    }
}
