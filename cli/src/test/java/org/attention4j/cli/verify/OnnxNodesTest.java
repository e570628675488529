package org.attention4j.cli.verify;

import java.io.IOException;
import java.nio.file.Path;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions, pooling and quantised operators, imported: what they compute is what ONNX Runtime computes, in F32. */
class OnnxNodesTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    private static OneNode conv() {
        return new OneNode("", "Conv");
    }

    @Test
    void convolutionOfImagesWithStridesDilationsAndUnevenPads() throws IOException {
        conv().attribute("strides", 2, 3)
                .attribute("dilations", 2, 1)
                .attribute("pads", 1, 0, 2, 3)
                .random(2, 3, 9, 11)
                .random(4, 3, 3, 2)
                .random(4)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6})
    void convolutionInGroups(int groups) throws IOException {
        conv().attribute("group", groups)
                .random(2, 6, 5, 4)
                .random(6, 6 / groups, 3, 3)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER", "VALID"})
    void convolutionThatPadsByItself(String auto) throws IOException {
        conv().text("auto_pad", auto)
                .attribute("strides", 2, 1)
                .random(1, 2, 7, 6)
                .random(3, 2, 4, 2)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void convolutionAlongOneAxis(int groups) throws IOException {
        new OneNode("", "Conv")
                .attribute("group", groups)
                .attribute("pads", 2, 0)
                .random(2, 3, 8)
                .random(3, 3 / groups, 3)
                .random(3)
                .agrees(folder, 1, TOLERANCE);
    }

    @Test
    void convolutionOfVolumes() throws IOException {
        conv().random(1, 2, 4, 3, 5).random(3, 2, 2, 1, 3).agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MaxPool", "AveragePool"})
    void poolingWithPads(String type) throws IOException {
        new OneNode("", type)
                .attribute("kernel_shape", 3, 2)
                .attribute("strides", 2, 1)
                .attribute("pads", 1, 1, 1, 0)
                .random(2, 3, 7, 5)
                .agrees(folder, 1, TOLERANCE);
    }

    @Test
    void averagesThatCountThePads() throws IOException {
        new OneNode("", "AveragePool")
                .attribute("kernel_shape", 3, 2)
                .attribute("pads", 1, 1, 1, 0)
                .attribute("count_include_pad", 1)
                .random(2, 3, 7, 5)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GlobalMaxPool", "GlobalAveragePool"})
    void poolingOfAll(String type) throws IOException {
        new OneNode("", type).random(2, 3, 4, 5).agrees(folder, 1, TOLERANCE);
    }

    private static OneNode dequantize() {
        return new OneNode("", "DequantizeLinear");
    }

    @ParameterizedTest
    @EnumSource(names = {"I8", "U8"})
    void integersWithOneScale(DType dtype) throws IOException {
        OneNode node = dequantize();
        node.input(node.bytes(dtype, 3, 5))
                .input(node.scales())
                .input(node.bytes(dtype))
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1})
    void integersWithAScaleForEachEntryOfAnAxis(int axis) throws IOException {
        long size = axis == 0 ? 3 : axis == 1 ? 5 : 2;
        OneNode node = dequantize().attribute("axis", axis);
        node.input(node.bytes(DType.I8, 3, 5, 2))
                .input(node.scales(size))
                .input(node.bytes(DType.I8, size))
                .agrees(folder, 1, TOLERANCE);
    }

    /** Known matrices are read as floats when they are wanted. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void matricesOfTheModel(int axis) throws IOException {
        long size = axis == 0 ? 300 : 250;
        OneNode node = dequantize().attribute("axis", axis);
        node.weight(node.bytes(DType.U8, 300, 250))
                .weight(node.scales(size))
                .weight(node.bytes(DType.U8, size))
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void integersInBlocks(int axis) throws IOException {
        OneNode node = dequantize().attribute("axis", axis).attribute("block_size", 2);
        long rows = axis == 0 ? 2 : 4;
        long columns = axis == 0 ? 6 : 3;
        node.input(node.bytes(DType.I8, 4, 6))
                .input(node.scales(rows, columns))
                .input(node.bytes(DType.I8, rows, columns))
                .agrees(folder, 1, TOLERANCE);
    }

    /** Halves go to even numbers, what is too large to the largest. */
    @ParameterizedTest
    @EnumSource(names = {"I8", "U8"})
    void quantizationRoundsAndSaturates(DType dtype) throws IOException {
        new OneNode("", "QuantizeLinear")
                .input(Tensor.f32(Shape.of(8), -300, -1.25f, -0.75f, 0.25f, 0.75f, 1.25f, 40, 300))
                .input(Tensor.scalar(0.5f))
                .input(OneNode.integers(dtype, Shape.of(), 3))
                .agrees(folder, 1, 0);
    }

    @Test
    void quantizationAlongAnAxis() throws IOException {
        OneNode node = new OneNode("", "QuantizeLinear").attribute("axis", 1).random(2, 3, 4);
        node.input(node.scales(3)).input(node.bytes(DType.U8, 3)).agrees(folder, 1, 0);
    }

    @Test
    void quantizationByTheValuesThemselves() throws IOException {
        new OneNode("", "DynamicQuantizeLinear").random(5, 7).agrees(folder, 3, 1e-6);
    }

    @Test
    void quantizationOfNothingButZeros() throws IOException {
        new OneNode("", "DynamicQuantizeLinear")
                .input(Tensor.f32(Shape.of(3), 0, 0, 0))
                .agrees(folder, 3, 1e-6);
    }

    @Test
    void productsOfIntegers() throws IOException {
        OneNode node = new OneNode("", "MatMulInteger");
        node.input(node.bytes(DType.U8, 2, 3, 64))
                .input(node.bytes(DType.I8, 64, 5))
                .input(node.bytes(DType.U8))
                .input(node.bytes(DType.I8, 5))
                .agrees(folder, 1, 0);
    }
}
