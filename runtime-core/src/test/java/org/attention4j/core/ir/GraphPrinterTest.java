package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GraphPrinterTest {
    @Test
    void oneOpALineWithAttributesInputsAndTypes() {
        GraphBuilder b = new GraphBuilder("softmax");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.symbol("seq"), Dim.of(4)));
        Value e = b.unary(UnaryKind.EXP, b.sub(x, b.reduce(ReduceKind.MAX, x, true, -1)));
        b.result("y", b.div(e, b.reduce(ReduceKind.SUM, e, true, -1)));
        List<Value> top = b.topK(x, 2, 1);
        b.result("best", top.get(1));
        b.result("twice", b.apply(new Ops.Twice(), b.add(x, b.constant("w", Tensor.f32(Shape.of(1), 1)))));
        assertEquals("""
                graph softmax(%x: F32[seq, 4]) {
                  %reduce_max: F32[seq, 1] = reduce_max[kind=MAX, axes=[1], keepDims=true](%x)
                  %sub: F32[seq, 4] = sub[kind=SUB](%x, %reduce_max)
                  %exp: F32[seq, 4] = exp[kind=EXP](%sub)
                  %reduce_sum: F32[seq, 1] = reduce_sum[kind=SUM, axes=[1], keepDims=true](%exp)
                  %div: F32[seq, 4] = div[kind=DIV](%exp, %reduce_sum)
                  %top_k: F32[seq, 2], %top_k.2: I64[seq, 2] = top_k[k=2, axis=1](%x)
                  %w: F32[1] = constant()
                  %add: F32[seq, 4] = add[kind=ADD](%x, %w)
                  %double: F32[seq, 4] = @double(%add)
                  result y = %div
                  result best = %top_k.2
                  result twice = %double
                }
                """, b.build().toString());
    }
}
