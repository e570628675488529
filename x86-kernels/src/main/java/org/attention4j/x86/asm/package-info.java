/** An assembler of those x86-64 instructions that kernels need, and memory to run them in. */
@NullMarked
package org.attention4j.x86.asm;

import org.jspecify.annotations.NullMarked;
