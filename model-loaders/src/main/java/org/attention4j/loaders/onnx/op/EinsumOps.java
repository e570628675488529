package org.attention4j.loaders.onnx.op;

import static java.util.Objects.requireNonNull;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** {@code Einsum} of one or two operands, each letter at most once in each: a product of matrices between transposes. */
@AutoService(OnnxOperators.class)
public final class EinsumOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Einsum", EinsumOps::einsum);
    }

    private static Value einsum(OnnxNode n) {
        String equation = n.attribute("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (sides.length != 2 || terms.length != n.numInputs() || terms.length > 2 || !isPlain(equation)) {
            throw n.unsupported("equation %s, expected one or two terms of different letters and a result", equation);
        }
        Map<Character, Dim> sizes = new HashMap<>();
        for (int i = 0; i < terms.length; i++) {
            if (terms[i].length() != n.type(i).rank()) {
                throw n.broken("term %s for input %s", terms[i], n.type(i));
            }
            for (int axis = 0; axis < terms[i].length(); axis++) {
                Dim size = n.type(i).dim(axis);
                Dim known = sizes.putIfAbsent(terms[i].charAt(axis), size);
                n.equal(size, known == null ? size : known);
            }
        }
        if (!sizes.keySet().containsAll(sides[1].chars().mapToObj(c -> (char) c).toList())) {
            throw n.broken("the result of %s has other letters", equation);
        }
        return terms.length == 1
                ? arranged(n, n.input(0), terms[0], sides[1])
                : product(n, terms[0], terms[1], sides[1], sizes);
    }

    private static boolean isPlain(String equation) {
        for (String term : equation.split(",|->", -1)) {
            if (term.chars().distinct().count() != term.length()
                    || !term.chars().allMatch(Character::isLetter)) {
                return false;
            }
        }
        return true;
    }

    private static Value product(OnnxNode n, String left, String right, String out, Map<Character, Dim> sizes) {
        GraphBuilder b = n.builder();
        String batch = letters(left, c -> has(right, c) && has(out, c));
        String inner = letters(left, c -> has(right, c) && !has(out, c));
        String rows = letters(left, c -> !has(right, c) && has(out, c));
        String columns = letters(right, c -> !has(left, c) && has(out, c));
        Value x = arranged(n, n.input(0), left, batch + rows + inner);
        Value y = arranged(n, n.input(1), right, batch + inner + columns);
        Value z = b.matMul(
                b.reshape(x, merged(sizes, batch, rows, inner)), b.reshape(y, merged(sizes, batch, inner, columns)));
        List<Dim> dims = new ArrayList<>();
        String order = batch + rows + columns;
        order.chars().forEach(c -> dims.add(size(sizes, (char) c)));
        return arranged(n, b.reshape(z, dims), order, out);
    }

    /** Whether a letter is one of some kind. */
    private interface Kind {
        boolean is(char letter);
    }

    private static String letters(String term, Kind kind) {
        StringBuilder out = new StringBuilder();
        term.chars().filter(c -> kind.is((char) c)).forEach(c -> out.append((char) c));
        return out.toString();
    }

    private static boolean has(String term, char letter) {
        return term.indexOf(letter) >= 0;
    }

    private static Dim size(Map<Character, Dim> sizes, char letter) {
        return requireNonNull(sizes.get(letter));
    }

    private static List<Dim> merged(Map<Character, Dim> sizes, String... groups) {
        List<Dim> dims = new ArrayList<>();
        for (String group : groups) {
            dims.add(DimAlgebra.product(
                    group.chars().mapToObj(c -> size(sizes, (char) c)).toList()));
        }
        return dims;
    }

    /** The dimensions in another order; those that are not in it are summed. */
    private static Value arranged(OnnxNode n, Value x, String from, String to) {
        GraphBuilder b = n.builder();
        String left = letters(from, c -> has(to, c));
        int[] gone = IntStream.range(0, from.length())
                .filter(i -> !has(to, from.charAt(i)))
                .toArray();
        Value kept = gone.length == 0 ? x : b.reduce(ReduceKind.SUM, x, false, gone);
        int[] permutation = to.chars().map(left::indexOf).toArray();
        return b.transpose(kept, permutation);
    }
}
