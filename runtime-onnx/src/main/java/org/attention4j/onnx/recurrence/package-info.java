/** Recurrences of any kind: the form is chosen by the length of a run. */
@NullMarked
package org.attention4j.onnx.recurrence;

import org.jspecify.annotations.NullMarked;
