/** What programs run on: large arrays that stay on the device, and kernels that are launched on them one after the other. */
@NullMarked
package org.attention4j.tornado.machine;

import org.jspecify.annotations.NullMarked;
