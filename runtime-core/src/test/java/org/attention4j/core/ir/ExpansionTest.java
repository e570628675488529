package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExpansionTest {
    private static final TensorType ROW = TensorType.of(DType.F32, Dim.symbol("seq"), Dim.of(3));

    /** Composites of one and of two results, in a scope and in the body of a scan, and a state. */
    private static Graph graph() {
        GraphBuilder body = new GraphBuilder("body");
        Value h = body.input("h", TensorType.of(DType.F32, Dim.of(3)));
        Value x = body.input("x", TensorType.of(DType.F32, Dim.of(3)));
        body.result("next", body.add(body.apply(new Ops.Twice(), h), x));

        GraphBuilder b = new GraphBuilder("model");
        Value tokens = b.input("tokens", ROW);
        Value state = b.input("state", TensorType.of(DType.F32, Dim.of(3)));
        Value weight = b.constant("w", Tensor.f32(Shape.of(3), 1, 2, 3));
        Value scaled = b.scoped("layers.0", () -> b.apply(new Ops.Quadruple(), b.mul(tokens, weight)));
        List<Value> pair = b.scoped("layers.0", () -> b.call(new Ops.Pair(), List.of(scaled, tokens)));
        b.result("difference", pair.get(0));
        b.result("same", pair.get(1));
        List<Value> scan = b.scan(body.build(), 1, 1, 0, List.of(state, pair.get(0)));
        b.nextState(state, "state.next", scan.getFirst());
        return b.build();
    }

    @Test
    void toPrimitivesLeavesNoComposite() {
        assertEquals("""
            graph model(%tokens: F32[seq, 3], %state: F32[3]) {
              %w: F32[3] = constant()
              %layers.0/mul: F32[seq, 3] = mul[kind=MUL](%tokens, %w)
              %layers.0/quadruple/double/add: F32[seq, 3] = add[kind=ADD](%layers.0/mul, %layers.0/mul)
              %layers.0/quadruple/double.2/add: F32[seq, 3] = add[kind=ADD](%layers.0/quadruple/double/add, %layers.0/quadruple/double/add)
              %layers.0/pair/sub: F32[seq, 3] = sub[kind=SUB](%layers.0/quadruple/double.2/add, %tokens)
              %scan: F32[3] = scan[carried=1, scanned=1, axis=0](%state, %layers.0/pair/sub)
                graph body(%h: F32[3], %x: F32[3]) {
                  %scan/double/add: F32[3] = add[kind=ADD](%h, %h)
                  %scan/add: F32[3] = add[kind=ADD](%scan/double/add, %x)
                  result next = %scan/add
                }
              result difference = %layers.0/pair/sub
              result same = %layers.0/quadruple/double.2/add
              result state.next = %scan
            }
            """, Expansion.toPrimitives(graph()).toString());
    }

    @Test
    void keptCompositesStayAsTheyAre() {
        Graph expanded = Expansion.expand(
                graph(), c -> c.name().equals("double") ? Optional.empty() : Decomposer.ALL.decompositionOf(c));
        assertEquals(
                List.of(
                        "w",
                        "layers.0/mul",
                        "layers.0/quadruple/double",
                        "layers.0/quadruple/double.2",
                        "layers.0/pair/sub",
                        "scan"),
                expanded.ops().stream().map(Op::label).toList());
        Scan scan = (Scan) expanded.ops().getLast();
        assertEquals(
                List.of("double", "add"),
                scan.body().ops().stream().map(Op::name).toList());
    }

    @Test
    void nothingToExpandChangesNothing() {
        GraphBuilder b = new GraphBuilder("plain");
        Value x = b.input("x", ROW);
        b.nextState(x, "x.next", b.apply(new Ops.Quadruple(), b.mul(x, 2)));
        Graph graph = b.build();
        assertEquals(graph, Expansion.expand(graph, c -> Optional.empty()));
        assertEquals(graph.states(), Expansion.toPrimitives(graph).states());
    }

    @Test
    void everyCompositeHasItsOwnLabel() {
        GraphBuilder body = new GraphBuilder("body");
        body.result("y", body.apply(new Ops.Twice(), body.input("x", TensorType.of(DType.F32, Dim.of(3)))));
        GraphBuilder b = new GraphBuilder("two loops");
        Value x = b.input("x", ROW);
        Value first = b.scan(body.build(), 0, 1, 0, List.of(x)).getFirst();
        b.result(
                "y",
                b.apply(
                        new Ops.Twice(),
                        b.scan(body.build(), 0, 1, 0, List.of(first)).getFirst()));
        List<String> labels = new ArrayList<>();
        Expansion.expand(b.build(), c -> {
            labels.add(c.label());
            return Optional.empty();
        });
        assertEquals(List.of("scan/double", "scan.2/double", "double"), labels);
    }

    @Test
    void anotherDecompositionMayTakeTheOpsPlace() {
        Decomposer product = c -> c.op() instanceof Ops.Twice
                ? Optional.of((b, in) -> List.of(b.mul(in.getFirst(), 2)))
                : Optional.empty();
        GraphBuilder b = new GraphBuilder("g");
        b.result("y", b.apply(new Ops.Twice(), b.input("x", ROW)));
        assertEquals(
                List.of("constant", "mul"),
                Expansion.expand(b.build(), product).ops().stream()
                        .map(Op::name)
                        .toList());
    }

    @Test
    void aDecompositionMustGiveWhatTheOpInfers() {
        GraphBuilder b = new GraphBuilder("bad");
        b.result("y", b.apply(new Ops.Lying(), b.input("x", TensorType.of(DType.F32, Dim.of(3)))));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Expansion.toPrimitives(b.build()));
        assertEquals("lying: decomposes to [F32[1, 3]], but infers [F32[3]]", e.getMessage());
    }

    @Test
    void bodiesOfScansThatADecompositionMakesAreExpanded() {
        GraphBuilder body = new GraphBuilder("body");
        body.result("y", body.apply(new Ops.Quadruple(), body.input("x", TensorType.of(DType.F32, Dim.of(3)))));
        Graph step = body.build();
        GraphBuilder b = new GraphBuilder("g");
        b.result("y", b.apply(new Ops.Twice(), b.input("x", ROW)));
        Decomposer loop = c -> c.op() instanceof Ops.Twice
                ? Optional.of((g, in) -> g.scan(step, 0, 1, 0, in))
                : Optional.of((g, in) -> List.of(g.mul(in.getFirst(), 4)));
        Scan scan = (Scan) Expansion.expand(b.build(), loop).ops().getLast();
        assertEquals("double/scan", scan.label());
        assertEquals("mul", scan.body().ops().getLast().name());
    }
}
