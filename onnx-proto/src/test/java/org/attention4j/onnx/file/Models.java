package org.attention4j.onnx.file;

import java.util.Arrays;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Small messages for the tests of this package. */
final class Models {
    private Models() {}

    static ModelProto withInitializers(TensorProto... initializers) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addAllInitializer(Arrays.asList(initializers))
                .build();
        return ModelProto.newBuilder().setIrVersion(10).setGraph(graph).build();
    }

    static TensorProto.Builder tensor(DataType type, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("t").setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    /** External data with these entries: key, value, key, value … */
    static TensorProto external(TensorProto.Builder tensor, String... entries) {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (int i = 0; i < entries.length; i += 2) {
            tensor.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
        }
        return tensor.build();
    }
}
