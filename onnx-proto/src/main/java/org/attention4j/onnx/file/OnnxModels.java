package org.attention4j.onnx.file;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.attention4j.onnx.proto.ModelProto;

/** Reads and writes model files. Tensors in side files are {@link TensorBytes} to read and {@link ExternalDataWriter} to write. */
public final class OnnxModels {
    /** Protobuf's own limit on one message: 2 GiB less one byte. Larger models keep their tensors in side files. */
    public static final int MAX_MESSAGE_BYTES = Integer.MAX_VALUE;

    private OnnxModels() {}

    /**
     * Reads a model. The file is mapped and the bytes of its tensors stay in the mapping, so a model with inline weights
     * costs no heap for them; the garbage collector unmaps the file with the model.
     *
     * @throws OnnxFormatException if the file is no ONNX model
     * @throws IOException if the file can't be read
     */
    public static ModelProto read(Path file) throws IOException {
        ModelProto model = parse(file, map(file));
        if (!model.hasGraph() || !model.hasIrVersion()) {
            throw new OnnxFormatException(
                    "%s: not an ONNX model: it has no %s".formatted(file, model.hasGraph() ? "IR version" : "graph"));
        }
        return model;
    }

    private static ByteString map(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new OnnxFormatException("%s: no such file, or not a regular one".formatted(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_MESSAGE_BYTES) {
                throw new OnnxFormatException(
                        "%s: %d bytes, but an ONNX message has at most %d (larger ones use external data)"
                                .formatted(file, size, MAX_MESSAGE_BYTES));
            }
            ByteBuffer bytes =
                    channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto()).asByteBuffer();
            return UnsafeByteOperations.unsafeWrap(bytes);
        }
    }

    private static ModelProto parse(Path file, ByteString bytes) throws OnnxFormatException {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        in.setSizeLimit(MAX_MESSAGE_BYTES);
        try {
            ModelProto model = ModelProto.parseFrom(in);
            in.checkLastTagWas(0);
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxFormatException("%s: not an ONNX model: %s".formatted(file, firstSentence(e)), e);
        } catch (IOException e) {
            throw new OnnxFormatException("%s: can't be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String firstSentence(InvalidProtocolBufferException e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("malformed message");
        return first.replaceFirst("\\.(\\s.*)?$", "");
    }

    /**
     * Writes a model, replacing the file.
     *
     * @throws IllegalArgumentException if the message is over {@link #MAX_MESSAGE_BYTES}
     */
    public static void write(ModelProto model, Path file) throws IOException {
        requireSerializable(model, file.toString());
        try (OutputStream out = Files.newOutputStream(file)) {
            model.writeTo(out);
        }
    }

    /**
     * The bytes of a model's message.
     *
     * @throws IllegalArgumentException if the message is over {@link #MAX_MESSAGE_BYTES}
     */
    public static byte[] toBytes(ModelProto model) {
        requireSerializable(model, "model");
        return model.toByteArray();
    }

    private static void requireSerializable(ModelProto model, String what) {
        long size = 0;
        for (var initializer : model.getGraph().getInitializerList()) {
            size += initializer.getRawData().size();
        }
        // The generated size is an int and wraps around; the initializers alone tell in nearly every case.
        if (size > MAX_MESSAGE_BYTES || model.getSerializedSize() < 0) {
            throw new IllegalArgumentException("%s: the message is over %d bytes: put large tensors into external data"
                    .formatted(what, MAX_MESSAGE_BYTES));
        }
    }
}
