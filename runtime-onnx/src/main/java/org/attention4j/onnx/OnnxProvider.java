package org.attention4j.onnx;

import com.google.auto.service.AutoService;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Probe;

/** Finds ONNX Runtime. Settings of its backends: see {@link OnnxOptions}. */
@AutoService(Backend.Provider.class)
public final class OnnxProvider implements Backend.Provider {
    private static final int PRIORITY = 100;

    @Override
    public String name() {
        return OnnxBackend.NAME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Probe probe() {
        try {
            OrtRuntime.environment();
            return new Probe.Ready(ExecutionProviders.devices().values().asList());
        } catch (BackendException e) {
            return new Probe.Missing(
                    String.valueOf(e.getMessage()),
                    "use a platform that com.microsoft.onnxruntime:onnxruntime has a library for");
        }
    }

    @Override
    public Backend create(BackendOptions options) {
        return new OnnxBackend(OnnxOptions.of(options, ExecutionProviders.devices()));
    }
}
