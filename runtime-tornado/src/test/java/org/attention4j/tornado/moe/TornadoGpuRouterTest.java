package org.attention4j.tornado.moe;

import org.attention4j.tornado.TestBackends;

/** Routers on the device, by the kernels for GPUs. */
class TornadoGpuRouterTest extends RouterCases {
    TornadoGpuRouterTest() {
        super(TestBackends.deviceAsGpu());
    }
}
