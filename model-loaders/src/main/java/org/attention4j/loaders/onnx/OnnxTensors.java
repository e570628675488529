package org.attention4j.loaders.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.onnx.proto.TensorProto;

/** Files of single ONNX tensors, as node tests have them for inputs and outputs. */
public final class OnnxTensors {
    private OnnxTensors() {}

    /**
     * The tensor of a file.
     *
     * @throws UnsupportedModelException if graphs can't have its type
     * @throws ModelFormatException if it can't be read
     */
    public static Tensor read(Path file) {
        try {
            return new Constants(file).of(TensorProto.parseFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(file, "not an ONNX tensor", e);
        } catch (IOException e) {
            throw new ModelFormatException(file, String.valueOf(e.getMessage()), e);
        } catch (ImportException e) {
            throw e.isUnsupported()
                    ? new UnsupportedModelException(file, String.valueOf(e.getMessage()))
                    : new ModelFormatException(file, String.valueOf(e.getMessage()), e);
        }
    }
}
