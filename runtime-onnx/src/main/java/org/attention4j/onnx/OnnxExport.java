package org.attention4j.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.WeightFile;
import org.attention4j.onnx.export.DecoderExport;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.StringStringEntryProto;

/** Writes models as ONNX files that ONNX Runtime runs without this library. */
public final class OnnxExport {
    private static final String CPU = "cpu";

    private OnnxExport() {}

    /**
     * What a caller chooses.
     *
     * @param room the tokens by which rotations go that depend on a sequence's length
     * @param exactActivations whether products with quantised weights take their other factor as it is, which is slow for weights
     *     of 8 bits; else ONNX Runtime may round it to 8 bits
     * @param properties for the model's metadata
     */
    public record Options(long room, boolean exactActivations, Map<String, String> properties) {
        public Options {
            properties = Map.copyOf(properties);
        }
    }

    /**
     * Writes a model: the file, and beside it one with the same name and {@code .data} after it for the weights. Weights are
     * converted piece by piece, so a model may be larger than memory.
     *
     * @param file whose name ends in {@code .onnx}; files of the same names are replaced
     * @throws IllegalArgumentException if a layer has no form with a growing cache
     * @throws IOException if a file can't be written
     */
    public static void write(ModelDefinition definition, Path file, Options options) throws IOException {
        Graph graph = DecoderExport.graph(definition, options.room());
        LoweringContext context = new LoweringContext(graph, options.exactActivations(), true);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent())
                .orElseThrow(() -> new IllegalArgumentException(file + " is not the name of a file"));
        ModelProto model;
        try (WeightFile weights = new WeightFile(folder, file.getFileName() + ".data")) {
            model = Emission.of(context, CPU, CompileOptions.DEFAULT, weights)
                    .model()
                    .proto();
        }
        OnnxModels.write(withProperties(model, options.properties()), file);
    }

    private static ModelProto withProperties(ModelProto model, Map<String, String> properties) {
        ModelProto.Builder builder = model.toBuilder();
        properties.keySet().stream()
                .sorted()
                .forEach(key -> builder.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(String.valueOf(properties.get(key)))));
        return builder.build();
    }
}
