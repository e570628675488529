/** Language models for programs that embed them: open one by its path, generate text, close it. */
@NullMarked
package org.attention4j;

import org.jspecify.annotations.NullMarked;
