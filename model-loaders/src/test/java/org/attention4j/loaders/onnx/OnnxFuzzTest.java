package org.attention4j.loaders.onnx;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import org.attention4j.onnx.proto.ModelProto;

/** Any message is imported or refused with one line. */
class OnnxFuzzTest {
    @FuzzTest
    void importsOrRefuses(byte[] bytes) {
        ModelProto model;
        try {
            model = ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        assertReadOrRefused(() -> OnnxImport.importModel(model, Path.of("fuzz.onnx"), ImmutableMap.of()));
    }
}
