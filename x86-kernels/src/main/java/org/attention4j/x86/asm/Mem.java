package org.attention4j.x86.asm;

import java.util.Optional;

/**
 * An address, {@code base + index · scale + disp}.
 *
 * @param scale 1, 2, 4 or 8
 * @param disp in bytes
 */
public record Mem(Gpr base, Optional<Gpr> index, int scale, int disp) {
    /** @throws IllegalArgumentException if the index is {@code RSP}, or the scale not 1, 2, 4 or 8 */
    public Mem {
        if (index.filter(Gpr.RSP::equals).isPresent() || Integer.bitCount(scale) != 1 || scale > 8 || scale < 1) {
            throw new IllegalArgumentException(
                    "address: index %s, scale %d, expected one that isn't RSP and 1, 2, 4 or 8"
                            .formatted(index, scale));
        }
    }

    /** {@code base + disp}. */
    public static Mem at(Gpr base, int disp) {
        return new Mem(base, Optional.empty(), 1, disp);
    }

    /** {@code base + index · scale + disp}. */
    public static Mem at(Gpr base, Gpr index, int scale, int disp) {
        return new Mem(base, Optional.of(index), scale, disp);
    }

    /** The same plus {@code bytes}. */
    public Mem plus(int bytes) {
        return new Mem(base, index, scale, disp + bytes);
    }
}
