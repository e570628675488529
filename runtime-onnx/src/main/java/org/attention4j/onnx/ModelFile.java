package org.attention4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.backend.BackendException;
import org.attention4j.onnx.file.ModelGuard;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.TensorProto;

/**
 * A session over a model's file as it is. Large weights in side files are mapped here and lent to ONNX Runtime: while it makes its
 * own layout of them, what it has read leaves memory.
 */
final class ModelFile implements AutoCloseable {
    private static final long LARGE = 1 << 20;
    private static final int LONGEST_REASON = 400;

    private final Path path;
    private final OrtSession session;
    private final SeldomRead weights;
    private boolean closed;

    private ModelFile(Path path, OrtSession session, SeldomRead weights) {
        this.path = path;
        this.session = session;
        this.weights = weights;
    }

    /**
     * Loads a file.
     *
     * @throws BackendException if it can't be read, is broken, or ONNX Runtime refuses it, in one line
     */
    static ModelFile open(Path path, OnnxOptions options) {
        OrtEnvironment environment = OrtRuntime.environment();
        try (OrtSession.SessionOptions sessionOptions = options.sessionOptions()) {
            SeldomRead weights = new SeldomRead(environment, path, large(path));
            try {
                return new ModelFile(path, weights.newSession(environment, path, sessionOptions), weights);
            } catch (OrtException e) {
                weights.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new BackendException("%s: ONNX Runtime refuses it: %s".formatted(path, reason(e)), e);
        } catch (IOException e) {
            throw new BackendException("%s: %s".formatted(path, shortened(String.valueOf(e.getMessage()))), e);
        }
    }

    /** The large initializers of the outermost graph that are in side files. */
    private static List<TensorProto> large(Path path) throws IOException {
        var model = OnnxModels.read(path);
        ModelGuard.check(model, path);
        GraphProto graph = model.getGraph();
        return graph.getInitializerList().stream()
                .filter(t -> t.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
                .filter(t -> t.getDimsList().stream().reduce(1L, (a, b) -> a * b) >= LARGE)
                .toList();
    }

    OrtSession session() {
        return session;
    }

    BackendException failure(OrtException e) {
        return new BackendException("%s: ONNX Runtime failed: %s".formatted(path, reason(e)), e);
    }

    static String reason(OrtException e) {
        return shortened(String.valueOf(e.getMessage()).lines().findFirst().orElse("no message"));
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            weights.close();
        }
    }
}
