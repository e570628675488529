package org.attention4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableMap;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Device;

/** ONNX Runtime's execution providers as devices: {@code cpu}, and {@code cuda}, {@code coreml}, … where built in. */
final class ExecutionProviders {
    private ExecutionProviders() {}

    /** The devices of this build of ONNX Runtime by id, the CPU first. */
    static ImmutableMap<String, Device> devices() {
        ImmutableMap.Builder<String, Device> devices = ImmutableMap.builder();
        devices.put(
                "cpu",
                new Device(
                        "cpu",
                        "ONNX Runtime %s on %s with %d processors"
                                .formatted(
                                        OrtRuntime.environment().getVersion(),
                                        System.getProperty("os.arch"),
                                        Runtime.getRuntime().availableProcessors())));
        for (OrtProvider provider : OrtEnvironment.getAvailableProviders()) {
            if (provider != OrtProvider.CPU && isOffered(provider)) {
                String id = id(provider);
                devices.put(id, new Device(id, "ONNX Runtime's execution provider " + provider.getName()));
            }
        }
        return devices.buildOrThrow();
    }

    private static boolean isOffered(OrtProvider provider) {
        return switch (provider) {
            case CUDA, TENSOR_RT, CORE_ML, DIRECT_ML, ROCM, XNNPACK -> true;
            default -> false;
        };
    }

    private static String id(OrtProvider provider) {
        return switch (provider) {
            case CUDA -> "cuda";
            case TENSOR_RT -> "tensorrt";
            case CORE_ML -> "coreml";
            case DIRECT_ML -> "directml";
            case ROCM -> "rocm";
            case XNNPACK -> "xnnpack";
            default -> throw new IllegalArgumentException(provider + " is not offered");
        };
    }

    /** Puts the execution provider of a device before the CPU's. */
    static void add(OrtSession.SessionOptions options, String device) throws OrtException {
        switch (device) {
            case "cpu" -> {}
            case "cuda" -> options.addCUDA();
            case "tensorrt" -> options.addTensorrt(0);
            case "coreml" -> options.addCoreML();
            case "directml" -> options.addDirectML(0);
            case "rocm" -> options.addROCM();
            case "xnnpack" -> options.addXnnpack(ImmutableMap.of());
            default -> throw new BackendException("onnx: unknown device " + device);
        }
    }
}
