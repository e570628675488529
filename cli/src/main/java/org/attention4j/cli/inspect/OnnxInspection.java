package org.attention4j.cli.inspect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.onnxmodel.OnnxSummary;

/**
 * What {@code inspect} tells of an ONNX file; its components are the JSON result.
 *
 * @param path the file
 * @param format {@code onnx}
 * @param producer what wrote it; may be empty
 * @param versions of the operators' domains
 * @param inputs those that have to be given
 * @param outputs in the file's order
 * @param states inputs of which an output is the next value
 * @param operators nodes of each operator, {@code domain:operator}
 * @param tensorTypes how the weights are stored, the most bytes first
 * @param imported ops of each name in the graph that the import gives
 * @param importRefusal why there is no such graph; else null
 * @param decoder what it is to generate text with; null if it can't be
 * @param decoderRefusal why it can't be; else null
 */
public record OnnxInspection(
        String path,
        String format,
        String producer,
        Map<String, Long> versions,
        List<OnnxSummary.Port> inputs,
        List<OnnxSummary.Port> outputs,
        List<OnnxSummary.State> states,
        Map<String, Integer> operators,
        List<Inspection.TensorType> tensorTypes,
        Map<String, Integer> imported,
        Optional<String> importRefusal,
        Optional<Inspection> decoder,
        Optional<String> decoderRefusal) {

    /** Of a decoder. */
    public static OnnxInspection of(OnnxSummary file, Inspection decoder) {
        return of(file, Optional.of(decoder), Optional.empty());
    }

    /** Of a file that nobody generates text with, for this reason. */
    public static OnnxInspection of(OnnxSummary file, String decoderRefusal) {
        return of(file, Optional.empty(), Optional.of(decoderRefusal));
    }

    private static OnnxInspection of(OnnxSummary file, Optional<Inspection> decoder, Optional<String> decoderRefusal) {
        return new OnnxInspection(
                file.path().toString(),
                "onnx",
                file.producer(),
                file.versions(),
                file.inputs(),
                file.outputs(),
                file.states(),
                file.operators(),
                Inspection.tensorTypes(file.tensors()),
                file.imported(),
                file.refusal(),
                decoder,
                decoderRefusal);
    }
}
