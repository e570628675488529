package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.onnx.pattern.Recognition;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.ModelProto;

/**
 * Reads ONNX files as graphs of this library.
 *
 * <p>Inputs and results keep their names; tensors stay in the file, mapped. Sizes without a number become symbols: those that
 * the file names have that name, the others the input's with the number of the dimension ({@code x#0}). Where an operator needs
 * two symbols to be equal, one takes the other's place; so a graph may have fewer symbols than its file.
 */
public final class OnnxImport {
    /** A model has a few symbols; each import settles at least one. */
    private static final int MOST_IMPORTS = 200;

    private static final OperatorTable OPERATORS = OperatorTable.load();

    private OnnxImport() {}

    /**
     * The graph of a file.
     *
     * @throws UnsupportedModelException if an operator or a type can't be expressed, naming the node, its operator, its domain
     *     and version, and why
     * @throws ModelFormatException if the file can't be read or is not what ONNX says
     */
    public static Graph importGraph(Path file) {
        return importGraph(file, ImmutableMap.of());
    }

    /**
     * The graph of a file, for fixed sizes of some symbols.
     *
     * @param sizes by the name of the symbol
     */
    public static Graph importGraph(Path file, Map<String, Long> sizes) {
        try {
            return importModel(OnnxModels.read(file), file, sizes);
        } catch (IOException e) {
            throw ModelFormatException.of(file, e);
        }
    }

    /**
     * The graph of a model that has been read.
     *
     * @param file where it was read from: side files are looked for in its folder
     */
    public static Graph importModel(ModelProto model, Path file, Map<String, Long> sizes) {
        try {
            return Recognition.run(imported(model, file, sizes));
        } catch (ImportException e) {
            String message = String.valueOf(e.getMessage());
            throw e.isUnsupported()
                    ? new UnsupportedModelException(file, message)
                    : new ModelFormatException(file, message, e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelFormatException(file, String.valueOf(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new ModelFormatException(file, "its graphs are nested too deeply", e);
        }
    }

    private static Graph imported(ModelProto model, Path file, Map<String, Long> sizes) {
        String name =
                model.getGraph().getName().isEmpty() ? "onnx" : model.getGraph().getName();
        Constants constants = new Constants(file);
        Map<String, Dim> known = new HashMap<>();
        sizes.forEach((symbol, size) -> known.put(symbol, Dim.of(size)));
        for (int i = 0; i < MOST_IMPORTS; i++) {
            try {
                return new ModelImporter(model, constants, OPERATORS).run(name, known);
            } catch (DimsEqual e) {
                settle(known, e);
            }
        }
        throw ImportException.unsupported("after %d times the sizes of its inputs still don't fit", MOST_IMPORTS);
    }

    private static void settle(Map<String, Dim> known, DimsEqual e) {
        Map<String, Dim> one = ImmutableMap.of(e.symbol().name(), e.by());
        known.replaceAll((symbol, dim) -> DimAlgebra.substitute(dim, one));
        known.put(e.symbol().name(), e.by());
    }
}
