package org.attention4j.core.session;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Collectors;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.Tensor;

/**
 * A saved session: a magic number, a version, the model's signature, the position, and each slot's bytes. KV caches hold
 * only the tokens that count, in the order of their positions, so a state goes from one backend's storage to another's.
 */
final class StateFile {
    private static final int MAGIC = 0x41344a53;
    private static final int VERSION = 1;
    private static final int BLOCK = 1 << 16;

    private StateFile() {}

    static void write(OutputStream stream, ModelDefinition model, SessionStates states, int position)
            throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(signature(model));
        out.writeInt(position);
        for (SessionStates.Entry e : states.entries()) {
            MemorySegment data = states.readSaved(e, position).data();
            byte[] block = new byte[BLOCK];
            for (long at = 0; at < data.byteSize(); at += BLOCK) {
                int n = (int) Math.min(BLOCK, data.byteSize() - at);
                MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, block, 0, n);
                out.write(block, 0, n);
            }
        }
        out.flush();
    }

    /** Reads the states and returns the position. */
    static int read(InputStream stream, ModelDefinition model, SessionStates states, int room) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        try {
            require(in.readInt() == MAGIC, "saved session: this is not one");
            int version = in.readInt();
            require(version == VERSION, "saved session: version %d, expected %d".formatted(version, VERSION));
            String signature = in.readUTF();
            String expected = signature(model);
            require(signature.equals(expected), "saved session: of %s, expected %s".formatted(signature, expected));
            int position = in.readInt();
            require(
                    position >= 0 && position <= room,
                    "saved session: %d tokens, but the context has room for %d".formatted(position, room));
            for (SessionStates.Entry e : states.entries()) {
                states.writeSaved(e, readTensor(in, e, position), position);
            }
            return position;
        } catch (EOFException e) {
            throw new IOException("saved session: the data ends too early", e);
        }
    }

    private static Tensor readTensor(DataInputStream in, SessionStates.Entry e, int position) throws IOException {
        Tensor saved = Tensor.zeros(e.slot().type().dtype(), e.savedShape(position));
        byte[] block = new byte[BLOCK];
        long size = saved.data().byteSize();
        for (long at = 0; at < size; at += BLOCK) {
            int n = (int) Math.min(BLOCK, size - at);
            in.readFully(block, 0, n);
            MemorySegment.copy(block, 0, saved.data(), ValueLayout.JAVA_BYTE, at, n);
        }
        return saved;
    }

    /** What two models must share for one to go on with the other's state. */
    private static String signature(ModelDefinition model) {
        String layers = model.layers().stream()
                .map(l -> l.mixer() + " " + l.state())
                .collect(
                        Collectors.collectingAndThen(Collectors.joining("; "), s -> Integer.toHexString(s.hashCode())));
        return "%s of %d layers, hidden size %d, vocabulary %d, states %s"
                .formatted(
                        model.info().architecture(),
                        model.layers().size(),
                        model.info().hiddenSize(),
                        model.info().vocabSize(),
                        layers);
    }

    private static void require(boolean holds, String message) throws IOException {
        if (!holds) {
            throw new IOException(message);
        }
    }
}
