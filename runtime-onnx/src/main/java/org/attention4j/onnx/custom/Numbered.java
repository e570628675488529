package org.attention4j.onnx.custom;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Things that nodes of models know by numbers, which no others in the process have. */
final class Numbered<T> {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private final Map<Long, T> all = new ConcurrentHashMap<>();

    long add(T thing) {
        long number = NEXT.getAndIncrement();
        all.put(number, thing);
        return number;
    }

    /** A thing that knows its number. */
    T addWith(LongFunction<T> thing) {
        long number = NEXT.getAndIncrement();
        T made = thing.apply(number);
        all.put(number, made);
        return made;
    }

    boolean has(long number) {
        return all.containsKey(number);
    }

    /** @throws IllegalStateException if there is none, or no more */
    T get(long number) {
        T thing = all.get(number);
        if (thing == null) {
            throw new IllegalStateException("nothing has the number %d".formatted(number));
        }
        return thing;
    }

    void remove(long number) {
        all.remove(number);
    }
}
