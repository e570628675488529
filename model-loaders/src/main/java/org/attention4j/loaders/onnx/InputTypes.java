package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.onnx.proto.TensorShapeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** The types that an ONNX graph gives its inputs. A dim without a name gets one from the input and its place. */
final class InputTypes {
    private static final int MOST_DIMS = 32;
    private static final int LONGEST_NAME = 200;
    private static final Pattern TOKEN = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*|[0-9]{1,15}|[+*])\\s*");

    private InputTypes() {}

    /** The type of an input, with {@code known} in place of some symbols. */
    static TensorType of(ValueInfoProto input, Map<String, Dim> known) {
        String name = input.getName();
        if (!input.getType().hasTensorType()) {
            throw ImportException.unsupported(
                    "input '%s' is no tensor but %s", name, input.getType().getValueCase());
        }
        var type = input.getType().getTensorType();
        if (!type.hasShape()) {
            throw ImportException.unsupported("input '%s' has no shape, not even a number of dimensions", name);
        }
        List<TensorShapeProto.Dimension> shape = type.getShape().getDimList();
        if (shape.size() > MOST_DIMS) {
            throw ImportException.broken(
                    "input '%s' has %d dimensions, expected at most %d", name, shape.size(), MOST_DIMS);
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            dims.add(DimAlgebra.substitute(dim(shape.get(i), name, i), known));
        }
        return new TensorType(ElementTypes.of(type.getElemType(), "input '" + name + "'"), dims);
    }

    private static Dim dim(TensorShapeProto.Dimension d, String input, int axis) {
        if (d.hasDimValue() && d.getDimValue() >= 0) {
            return Dim.of(d.getDimValue());
        }
        String name = d.getDimParam();
        if (name.isBlank() || name.equals("-1") || name.equals("?")) {
            return Dim.symbol(input + "#" + axis);
        }
        if (name.length() > LONGEST_NAME) {
            throw ImportException.broken(
                    "input '%s': dimension %d has a name of %d characters, expected at most %d",
                    input, axis, name.length(), LONGEST_NAME);
        }
        return parse(name);
    }

    /** Whether {@link #dim} made the name. */
    static boolean isMadeUp(String symbol) {
        return symbol.indexOf('#') >= 0;
    }

    /** Exporters write sums and products of symbols as the name of a dim: {@code past_sequence_length + sequence_length}. */
    private static Dim parse(String text) {
        Matcher m = TOKEN.matcher(text);
        Dim sum = Dim.of(0);
        Dim product = Dim.of(1);
        boolean operand = true;
        int end = 0;
        while (m.find() && m.start() == end) {
            end = m.end();
            String token = m.group(1);
            if (operand == (token.equals("+") || token.equals("*"))) {
                return Dim.symbol(text);
            }
            if (operand) {
                product = product.times(
                        Character.isDigit(token.charAt(0)) ? Dim.of(Long.parseLong(token)) : Dim.symbol(token));
            } else if (token.equals("+")) {
                sum = sum.plus(product);
                product = Dim.of(1);
            }
            operand = !operand;
        }
        return end < text.length() || operand ? Dim.symbol(text) : sum.plus(product);
    }
}
