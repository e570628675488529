package org.attention4j.onnx.custom;

import ai.onnxruntime.OrtSession;
import java.lang.reflect.Field;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses that ONNX Runtime's Java API has but doesn't show. */
final class HiddenHandles {
    private static final String RUNTIME = "ai.onnxruntime.OnnxRuntime";
    private static final String OPTIONS = "ai.onnxruntime.OrtSession$SessionOptions";

    private HiddenHandles() {}

    /** Why they can't be read; empty if they can. Nothing is loaded for this. */
    static Optional<String> missing() {
        try {
            field(RUNTIME, "ortApiHandle");
            field(OPTIONS, "nativeHandle");
            return Optional.empty();
        } catch (UnsupportedOperationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The table of functions, {@code OrtApi*}, of the library that is loaded.
     *
     * @throws IllegalStateException if none is: nobody has made an environment
     */
    static long api() {
        long api = read(field(RUNTIME, "ortApiHandle"), null);
        if (api == 0) {
            throw new IllegalStateException(
                    "ONNX Runtime is not loaded, expected an OrtEnvironment before its functions are asked for");
        }
        return api;
    }

    /** {@code OrtSessionOptions*}. */
    static long of(OrtSession.SessionOptions options) {
        return read(field(OPTIONS, "nativeHandle"), options);
    }

    private static Field field(String type, String name) {
        try {
            Field field = Class.forName(type, false, HiddenHandles.class.getClassLoader())
                    .getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnsupportedOperationException(
                    "this ONNX Runtime's Java API has no %s.%s that can be read: %s".formatted(type, name, e), e);
        }
    }

    private static long read(Field field, @Nullable Object of) {
        try {
            return field.getLong(of);
        } catch (IllegalAccessException e) {
            throw new UnsupportedOperationException("%s can't be read: %s".formatted(field, e), e);
        }
    }
}
