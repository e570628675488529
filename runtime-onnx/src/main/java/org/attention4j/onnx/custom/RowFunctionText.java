package org.attention4j.onnx.custom;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.stream.Collectors;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.x86.RowFunction;
import org.attention4j.x86.RowFunction.Input;
import org.attention4j.x86.RowFunction.Step;

/** A {@link RowFunction} as the text of an attribute: sizes, inputs, steps, outputs, with semicolons between. */
public final class RowFunctionText {
    private static final Splitter WORDS = Splitter.on(' ');

    private RowFunctionText() {}

    /** The text. */
    public static String of(RowFunction f) {
        return String.join(
                ";",
                f.size() + " " + f.group(),
                joined(f.inputs(), " "),
                f.steps().stream().map(RowFunctionText::step).collect(Collectors.joining(",")),
                joined(f.outputs(), " "));
    }

    private static String joined(List<?> items, String between) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(between));
    }

    private static String step(Step step) {
        return switch (step) {
            case Step.Constant(float value) -> "number " + value;
            case Step.Unary(UnaryKind kind, int x) -> "unary %s %d".formatted(kind, x);
            case Step.Binary(BinaryKind kind, int a, int b) -> "binary %s %d %d".formatted(kind, a, b);
            case Step.Reduce(ReduceKind kind, int x) -> "reduce %s %d".formatted(kind, x);
        };
    }

    /** The function of a text that {@link #of} made. */
    static RowFunction parse(String text) {
        List<String> parts = Splitter.on(';').splitToList(text);
        List<String> sizes = WORDS.splitToList(parts.get(0));
        return new RowFunction(
                Integer.parseInt(sizes.get(0)),
                Integer.parseInt(sizes.get(1)),
                WORDS.splitToStream(parts.get(1)).map(Input::valueOf).toList(),
                Splitter.on(',')
                        .splitToStream(parts.get(2))
                        .map(RowFunctionText::parseStep)
                        .toList(),
                WORDS.splitToStream(parts.get(3)).map(Integer::valueOf).toList());
    }

    private static Step parseStep(String text) {
        List<String> words = WORDS.splitToList(text);
        return switch (words.get(0)) {
            case "number" -> new Step.Constant(Float.parseFloat(words.get(1)));
            case "unary" -> new Step.Unary(UnaryKind.valueOf(words.get(1)), Integer.parseInt(words.get(2)));
            case "binary" ->
                new Step.Binary(
                        BinaryKind.valueOf(words.get(1)),
                        Integer.parseInt(words.get(2)),
                        Integer.parseInt(words.get(3)));
            case "reduce" -> new Step.Reduce(ReduceKind.valueOf(words.get(1)), Integer.parseInt(words.get(2)));
            default -> throw new IllegalArgumentException("row function: unknown step " + text);
        };
    }
}
