package org.attention4j.x86.asm;

/** Where a jump goes. */
public final class Label {
    /** Its place in the code; negative until it has one. */
    int at = -1;
}
