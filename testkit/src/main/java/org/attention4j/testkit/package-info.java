/** Tests to inherit: what every backend and every mixer must keep. */
@NullMarked
package org.attention4j.testkit;

import org.jspecify.annotations.NullMarked;
