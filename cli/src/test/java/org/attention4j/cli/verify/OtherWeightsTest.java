package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;

class OtherWeightsTest {
    private static TensorProto floats(Float... values) {
        return TensorProto.newBuilder()
                .setDataType(DataType.FLOAT_VALUE)
                .addDims(values.length)
                .addAllFloatData(List.of(values))
                .build();
    }

    private static ModelProto model(TensorProto... weights) {
        return ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addAllInitializer(List.of(weights)))
                .build();
    }

    @Test
    void onlyWeightsOfOneNumberAreOthers() {
        TensorProto ones = floats(1f, 1f, 1f);
        TensorProto raw = ones.toBuilder()
                .clearFloatData()
                .setRawData(ByteString.copyFrom(new byte[] {0, 0, -128, 63, 0, 0, -128, 63, 0, 0, -128, 63}))
                .build();
        TensorProto several = floats(1f, 2f, 1f);
        TensorProto scalar = floats(1f);
        TensorProto dims = TensorProto.newBuilder()
                .setDataType(DataType.INT64_VALUE)
                .addDims(2)
                .addInt64Data(1)
                .addInt64Data(1)
                .build();
        List<TensorProto> out = OtherWeights.of(model(ones, raw, several, scalar, dims))
                .orElseThrow()
                .getGraph()
                .getInitializerList();
        for (TensorProto changed : out.subList(0, 2)) {
            assertTrue(changed.getRawData().isEmpty());
            assertEquals(3, changed.getFloatDataList().stream().distinct().count());
        }
        assertEquals(List.of(several, scalar, dims), out.subList(2, 5));
    }

    @Test
    void aModelWithoutSuchWeightsStaysAsItIs() {
        assertTrue(OtherWeights.of(model(floats(1f, 2f))).isEmpty());
    }
}
