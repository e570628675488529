package org.attention4j.loaders.onnxmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.onnx.OnnxImport;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.TensorShapeProto.Dimension;
import org.attention4j.onnx.proto.TypeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/**
 * What an ONNX file holds, a decoder or not. Names are made safe to print on one line.
 *
 * @param path the file
 * @param versions of the operators' domains; ONNX's own is {@code ai.onnx}
 * @param producer what wrote it, if the file says so
 * @param inputs those that have to be given
 * @param outputs in the file's order
 * @param states inputs of which an output is the next value
 * @param operators the number of nodes of each operator, {@code domain:operator}, most first: in the graph, in graphs within, and in
 *     functions, each counted where it is written
 * @param tensors the graph's weights
 * @param imported the number of ops of each name in the graph that the import gives, most first; empty if it is refused
 * @param refusal why it is not imported
 */
public record OnnxSummary(
        Path path,
        Map<String, Long> versions,
        String producer,
        List<Port> inputs,
        List<Port> outputs,
        List<State> states,
        Map<String, Integer> operators,
        List<TensorInfo> tensors,
        Map<String, Integer> imported,
        Optional<String> refusal) {
    private static final String OWN_DOMAIN = "ai.onnx";

    /** An input or output; its type has names for sizes that are not fixed, and {@code ?} where they have no name. */
    public record Port(String name, String type) {}

    /** An input and the output that is its next value. */
    public record State(String input, String output) {}

    /**
     * Describes the file or directory if it is one that is opened as ONNX. No weight is read but what the import computes with.
     *
     * @throws ModelFormatException if it is broken
     */
    public static Optional<OnnxSummary> read(Path path) {
        boolean isOnnx = Files.exists(path)
                && ModelFormats.all().stream()
                        .filter(f -> f.accepts(path))
                        .findFirst()
                        .filter(OnnxFormat.class::isInstance)
                        .isPresent();
        if (!isOnnx) {
            return Optional.empty();
        }
        try (OnnxCheckpoint file = OnnxFormat.checkpoint(path)) {
            return Optional.of(of(file));
        }
    }

    private static OnnxSummary of(OnnxCheckpoint file) {
        ModelProto model = file.model();
        DecoderInterface ports = DecoderInterface.of(file);
        Map<String, Long> versions = new TreeMap<>();
        model.getOpsetImportList().forEach(i -> versions.put(domain(i.getDomain()), i.getVersion()));
        Map<String, Integer> operators = new TreeMap<>();
        count(model.getGraph().getNodeList(), operators);
        model.getFunctionsList().forEach(f -> count(f.getNodeList(), operators));
        Map<String, Integer> ops = new TreeMap<>();
        Optional<String> refusal = Optional.empty();
        try {
            Graph graph = OnnxImport.importModel(model, file.path(), Map.of());
            for (Op op : graph.ops()) {
                ops.merge(op.name(), 1, Integer::sum);
            }
        } catch (ModelFormatException e) {
            refusal = Optional.of(String.valueOf(e.getMessage()));
        }
        return new OnnxSummary(
                file.path(),
                versions,
                ModelFormatException.oneLine("%s %s".formatted(model.getProducerName(), model.getProducerVersion()))
                        .strip(),
                ports(ports.inputs()),
                ports(ports.outputs()),
                ports.states().entrySet().stream()
                        .map(s -> new State(
                                ModelFormatException.oneLine(s.getKey()), ModelFormatException.oneLine(s.getValue())))
                        .collect(ImmutableList.toImmutableList()),
                mostFirst(operators),
                file.tensors(),
                mostFirst(ops),
                refusal);
    }

    private static String domain(String name) {
        return name.isEmpty() ? OWN_DOMAIN : ModelFormatException.oneLine(name);
    }

    /** The guard of opened files has seen to it that graphs are not nested deeply. */
    private static void count(List<NodeProto> nodes, Map<String, Integer> operators) {
        for (NodeProto node : nodes) {
            String name = domain(node.getDomain()) + ":" + ModelFormatException.oneLine(node.getOpType());
            operators.merge(name, 1, Integer::sum);
            for (AttributeProto a : node.getAttributeList()) {
                if (a.hasG()) {
                    count(a.getG().getNodeList(), operators);
                }
                a.getGraphsList().forEach(g -> count(g.getNodeList(), operators));
            }
        }
    }

    private static Map<String, Integer> mostFirst(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Port> ports(List<ValueInfoProto> ports) {
        return ports.stream()
                .map(p -> new Port(ModelFormatException.oneLine(p.getName()), type(p.getType())))
                .collect(ImmutableList.toImmutableList());
    }

    private static String type(TypeProto type) {
        if (!type.hasTensorType()) {
            return type.getValueCase() == TypeProto.ValueCase.VALUE_NOT_SET
                    ? "?"
                    : type.getValueCase().name();
        }
        TypeProto.Tensor tensor = type.getTensorType();
        String element = Optional.ofNullable(DataType.forNumber(tensor.getElemType()))
                .map(t -> OnnxCheckpoint.dtype(t).map(DType::name).orElse(t.name()))
                .orElse("?");
        return tensor.hasShape()
                ? tensor.getShape().getDimList().stream()
                        .map(OnnxSummary::size)
                        .collect(Collectors.joining(", ", element + "[", "]"))
                : element;
    }

    private static String size(Dimension d) {
        return switch (d.getValueCase()) {
            case DIM_VALUE -> Long.toString(d.getDimValue());
            case DIM_PARAM -> ModelFormatException.oneLine(d.getDimParam());
            case VALUE_NOT_SET -> "?";
        };
    }
}
