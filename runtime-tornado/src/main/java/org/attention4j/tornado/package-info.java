/** The backend that runs graphs as TornadoVM kernels, on GPUs and other devices. */
@NullMarked
package org.attention4j.tornado;

import org.jspecify.annotations.NullMarked;
