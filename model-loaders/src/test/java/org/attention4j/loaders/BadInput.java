package org.attention4j.loaders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.function.Executable;

/** What every reader owes to broken and hostile files: it reads them, or it throws a one-line error. */
public final class BadInput {
    private static final int MUTATIONS = 4000;

    private BadInput() {}

    /** Checks that {@code read} fails with one line that has every one of {@code fragments} in it. */
    public static void assertRefused(Executable read, String... fragments) {
        String message = assertOneLine(assertThrows(ModelFormatException.class, read));
        for (String fragment : fragments) {
            assertTrue(message.contains(fragment), () -> "expected '" + fragment + "' in: " + message);
        }
    }

    /** Checks that {@code read} succeeds or fails with a one-line error. */
    public static void assertReadOrRefused(Runnable read) {
        try {
            read.run();
        } catch (ModelFormatException e) {
            assertOneLine(e);
        }
    }

    /** Checks that every proper prefix of {@code valid} is refused. */
    public static void assertPrefixesRefused(byte[] valid, Consumer<byte[]> read) {
        for (int length = 0; length < valid.length; length++) {
            byte[] prefix = Arrays.copyOf(valid, length);
            assertRefused(() -> read.accept(prefix));
        }
    }

    /** Checks that {@code valid} with a few bits flipped or bytes replaced, many times over, is read or refused. */
    public static void assertMutationsReadOrRefused(byte[] valid, Consumer<byte[]> read) {
        Random random = new Random(7);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = valid.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(mutated.length);
                mutated[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte) 0xff;
                    case 1 -> (byte) random.nextInt();
                    default -> (byte) (mutated[at] ^ 1 << random.nextInt(8));
                };
            }
            assertReadOrRefused(() -> read.accept(mutated));
        }
    }

    /** Checks that an error is one line of a length that a person reads, and returns it. */
    public static String assertOneLine(ModelFormatException e) {
        String message = Objects.requireNonNull(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.length() <= 1001, message);
        return message;
    }
}
