package org.attention4j.cli.onnxmodel;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.file.TensorBytes;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvertToOnnxTest {
    private static final String LAYER = "model.layers.1.";

    /** Products with one input are one product: their weights lie one below the other. */
    private static final List<List<String>> PRODUCTS = List.of(
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            List.of("self_attn.o_proj"),
            List.of("mlp.gate_proj", "mlp.up_proj"),
            List.of("mlp.down_proj"));

    @TempDir
    private Path folder;

    @Test
    void theExportedModelWritesTheSameText() throws IOException {
        Path gguf = RandomModels.tiny(folder);
        Path onnx = convert(gguf);
        for (String tokens : new String[] {"--print-tokens", "--stats"}) {
            assertEquals(
                    Cli.run("generate", "--model", gguf, "--prompt", "a b c", "--max-tokens", "12", tokens)
                            .done(),
                    Cli.run("generate", "--model", onnx, "--prompt", "a b c", "--max-tokens", "12", tokens)
                            .done());
        }
        String inspected = Cli.run("inspect", "--model", onnx).done();
        assertTrue(inspected.contains("external_decoder") && inspected.contains("as_it_is"), inspected);
    }

    /** Others keep tokenizers around a folder of this name; this one has its own. */
    @Test
    void anEmbeddedModelRunsFromAFolderOfTheNameOnnx() throws IOException {
        Path onnx = folder.resolve("onnx").resolve("mqa.onnx");
        Files.createDirectory(folder.resolve("onnx"));
        Cli.run("convert", "builtin:mqa", onnx).done();
        for (Path model : List.of(onnx, folder)) {
            assertEquals(
                    Cli.run("generate", "--model", "builtin:mqa", "--prompt", "Once upon a time", "--max-tokens", "20")
                            .done(),
                    Cli.run("generate", "--model", model, "--prompt", "Once upon a time", "--max-tokens", "20")
                            .done());
        }
    }

    /** By import, with weights in blocks too. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "Q8_0"})
    void otherBackendsGiveTheSameTokens(DType dtype) throws IOException {
        Path gguf = RandomModels.tiny(folder, "model.gguf", dtype);
        Path onnx = convert(gguf);
        String expected = tokens(gguf);
        assertEquals(12, expected.strip().split(" ").length, expected);
        assertEquals(expected, tokens(onnx));
    }

    private static String tokens(Path model) {
        return Cli.run(
                        "generate",
                        "--model",
                        model,
                        "--tokens",
                        "5,9,3",
                        "--backend",
                        "reference",
                        "--max-tokens",
                        "12",
                        "--print-tokens")
                .done();
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0", "Q4_1"})
    void blocksAreRepackedBitForBit(DType dtype) throws IOException {
        Path gguf = RandomModels.tiny(folder, "blocks.gguf", dtype);
        Path onnx = convert(gguf);
        ModelProto model = OnnxModels.read(onnx);
        Map<String, TensorProto> tensors = new HashMap<>();
        model.getGraph().getInitializerList().forEach(t -> tensors.put(t.getName(), t));
        try (Checkpoint checkpoint = ModelFormats.open(gguf);
                Arena arena = Arena.ofConfined()) {
            TensorBytes bytes = new TensorBytes(onnx, arena);
            List<float[]> imported = imported(onnx);
            for (List<String> product : PRODUCTS) {
                String first = LAYER + product.getFirst() + ".weight/quants";
                NodeProto node = model.getGraph().getNodeList().stream()
                        .filter(n -> n.getOpType().equals("MatMulNBits")
                                && n.getInput(1).equals(first))
                        .findFirst()
                        .orElseThrow();
                assertEquals(dtype == DType.Q8_0 ? 8 : 4, attribute(node, "bits"));
                boolean hasOffsets = dtype == DType.Q4_1;
                Optional<String> offsets = Optional.of(LAYER + product.getFirst() + ".weight/offsets")
                        .filter(tensors::containsKey);
                assertEquals(hasOffsets, offsets.isPresent(), tensors.keySet()::toString);
                float[] stored = dequantized(node, offsets, tensors, bytes);
                int at = 0;
                for (String name : product) {
                    float[] expected =
                            checkpoint.tensor(LAYER + name + ".weight").toFloatArray();
                    float[] actual = Arrays.copyOfRange(stored, at, at + expected.length);
                    assertArrayEquals(expected, actual, name);
                    at += expected.length;
                }
                assertEquals(stored.length, at);
                assertTrue(
                        hasOffsets || imported.stream().anyMatch(i -> Arrays.equals(stored, i)),
                        () -> "no weight of the import is " + product);
            }
        }
    }

    /** All matrices in blocks of the graph that the import gives, or none for types that need two products. */
    private static List<float[]> imported(Path onnx) {
        return OnnxImport.importGraph(onnx).ops().stream()
                .flatMap(op -> op instanceof Primitive(PrimitiveOp.Constant c, var in, var out)
                        ? Stream.of(c.value())
                        : Stream.of())
                .filter(t -> t.shape().rank() == 2 && t.dtype().isQuantized())
                .map(Tensor::toFloatArray)
                .toList();
    }

    /**
     * {@code [N, K]}: scale · (q − 2^(bits − 1)) + offset, rounded once. An offset is the type's own plus 8 scales; both have 11 bits,
     * so that no sum here is rounded in the arithmetic of doubles.
     */
    private static float[] dequantized(
            NodeProto node, Optional<String> offsets, Map<String, TensorProto> tensors, TensorBytes bytes)
            throws IOException {
        int bits = attribute(node, "bits");
        int block = attribute(node, "block_size");
        byte[] quants = bytes.of(requireNonNull(tensors.get(node.getInput(1)))).toArray(ValueLayout.JAVA_BYTE);
        float[] scales =
                bytes.of(requireNonNull(tensors.get(node.getInput(2)))).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        float[] values = new float[attribute(node, "N") * attribute(node, "K")];
        float[] added = {};
        if (offsets.isPresent()) {
            added = bytes.of(requireNonNull(tensors.get(offsets.get()))).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
        for (int i = 0; i < values.length; i++) {
            int q = bits == 8 ? quants[i] & 0xff : (quants[i / 2] >> (4 * (i % 2))) & 0xf;
            double product = (double) scales[i / block] * (q - (1 << (bits - 1)));
            values[i] = (float) (offsets.isPresent() ? product + added[i / block] : product);
        }
        return values;
    }

    private static int attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(a -> a.getName().equals(name))
                .mapToInt(a -> Math.toIntExact(a.getI()))
                .findFirst()
                .orElseThrow();
    }

    private Path convert(Path gguf) {
        Path onnx = folder.resolve("out").resolve("model.onnx");
        assertEquals("", Cli.run("convert", gguf, onnx).done());
        return onnx;
    }
}
