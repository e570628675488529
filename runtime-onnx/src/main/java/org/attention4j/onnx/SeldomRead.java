package org.attention4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.attention4j.onnx.file.TensorBytes;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Weights that ONNX Runtime reads where they are mapped here, not by itself, so that their pages can leave memory: scales that it
 * reads while it makes the session and has in its own layout then, and tables of which a run reads a few rows.
 */
final class SeldomRead implements AutoCloseable {
    /** Each row that is read brings up to 64 KiB of the table into memory. */
    private static final long ROWS_KEPT = 128;

    private static final long MILLISECONDS_BETWEEN_UNLOADS = 20;

    private record Weight(String name, MemorySegment data, OnnxTensor tensor) {}

    private final Arena arena = Arena.ofShared();
    private final List<Weight> weights = new ArrayList<>();
    private final AtomicLong rowsRead = new AtomicLong();

    /**
     * Maps weights of a model.
     *
     * @param model its file
     * @param tensors the weights; those that can't be shared are left to ONNX Runtime
     */
    SeldomRead(OrtEnvironment environment, Path model, List<TensorProto> tensors) throws IOException, OrtException {
        TensorBytes bytes = new TensorBytes(model, arena);
        try {
            for (TensorProto t : tensors) {
                Optional<OnnxJavaType> type = type(t);
                MemorySegment data = bytes.of(t);
                if (type.isPresent() && data.byteSize() <= Integer.MAX_VALUE) {
                    weights.add(new Weight(t.getName(), data, tensor(environment, t, data, type.get())));
                }
            }
        } catch (IOException | OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Optional<OnnxJavaType> type(TensorProto t) {
        return switch (DataType.forNumber(t.getDataType())) {
            case FLOAT -> Optional.of(OnnxJavaType.FLOAT);
            case FLOAT16 -> Optional.of(OnnxJavaType.FLOAT16);
            case BFLOAT16 -> Optional.of(OnnxJavaType.BFLOAT16);
            case UINT8 -> Optional.of(OnnxJavaType.UINT8);
            case null, default -> Optional.empty();
        };
    }

    private static OnnxTensor tensor(OrtEnvironment environment, TensorProto t, MemorySegment data, OnnxJavaType type)
            throws OrtException {
        long[] dims = t.getDimsList().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, data.asByteBuffer().order(ByteOrder.nativeOrder()), dims, type);
    }

    /** Makes a session that uses these weights; meanwhile, what it has read of them does not stay in memory. */
    OrtSession newSession(OrtEnvironment environment, Path model, OrtSession.SessionOptions options)
            throws OrtException {
        for (Weight w : weights) {
            options.addInitializer(w.name, w.tensor);
        }
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("onnx-unload").factory())) {
            ScheduledFuture<?> unloading =
                    timer.scheduleWithFixedDelay(this::unload, 0, MILLISECONDS_BETWEEN_UNLOADS, TimeUnit.MILLISECONDS);
            OrtSession session = environment.createSession(model.toString(), options);
            unloading.cancel(false);
            return session;
        } finally {
            unload();
        }
    }

    /** Says that a run read at most this many rows of each table. */
    void read(long rows) {
        if (rowsRead.addAndGet(rows) >= ROWS_KEPT) {
            rowsRead.set(0);
            unload();
        }
    }

    private void unload() {
        weights.forEach(w -> w.data.unload());
    }

    /** Unmaps the weights: after the session is closed. */
    @Override
    public void close() {
        weights.forEach(w -> w.tensor.close());
        weights.clear();
        arena.close();
    }
}
