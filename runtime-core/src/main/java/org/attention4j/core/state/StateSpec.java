package org.attention4j.core.state;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;

/** What one layer of a model remembers between runs. */
public sealed interface StateSpec {
    /** Nothing: the layer looks at the tokens of one run only. */
    record None() implements StateSpec {
        @Override
        public List<Slot> slots(Storage storage) {
            return ImmutableList.of();
        }

        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * Keys and values of tokens seen.
     *
     * @param kvHeads key/value heads
     * @param keyDim entries of a key
     * @param valueDim entries of a value
     * @param dtype the type in which they are kept
     * @param retention which tokens are kept
     */
    record KvCache(int kvHeads, int keyDim, int valueDim, DType dtype, Retention retention) implements StateSpec {
        /** {@code key [batch, kvHeads, slots, keyDim]} and {@code value [batch, kvHeads, slots, valueDim]}. */
        @Override
        public List<Slot> slots(Storage storage) {
            Dim capacity = retention.capacity(storage);
            return ImmutableList.of(slot("key", capacity, keyDim), slot("value", capacity, valueDim));
        }

        private Slot slot(String name, Dim capacity, int dim) {
            TensorType type = TensorType.of(dtype, Dims.BATCH, Dim.of(kvHeads), capacity, Dim.of(dim));
            return new Slot(name, type, Optional.of(retention));
        }

        @Override
        public String toString() {
            return "kv cache %d×%d+%d %s, %s".formatted(kvHeads, keyDim, valueDim, dtype, retention);
        }
    }

    /**
     * What multi-head latent attention keeps of tokens seen: one vector for all heads, of which keys and values are made.
     *
     * @param rank entries of the compressed keys and values
     * @param ropeDim entries of the rotated key that follows them
     * @param dtype the type in which they are kept
     * @param retention which tokens are kept
     */
    record LatentCache(int rank, int ropeDim, DType dtype, Retention retention) implements StateSpec {
        /** {@code latent [batch, 1, slots, rank + ropeDim]}. */
        @Override
        public List<Slot> slots(Storage storage) {
            Dim capacity = retention.capacity(storage);
            TensorType type = TensorType.of(dtype, Dims.BATCH, Dim.of(1), capacity, Dim.of((long) rank + ropeDim));
            return ImmutableList.of(new Slot("latent", type, Optional.of(retention)));
        }

        @Override
        public String toString() {
            return "latent cache %d+%d %s, %s".formatted(rank, ropeDim, dtype, retention);
        }
    }

    /** Tensors of a size that does not depend on the tokens seen; each slot's first dim is {@code batch}. */
    record Recurrent(List<Slot> slots) implements StateSpec {
        public Recurrent {
            slots = ImmutableList.copyOf(slots);
        }

        @Override
        public List<Slot> slots(Storage storage) {
            return slots;
        }

        @Override
        public String toString() {
            return "recurrent "
                    + slots.stream().map(s -> s.name() + " " + s.type()).toList();
        }
    }

    /**
     * Tensors of which each says for itself whether it holds tokens: of a model of which no more is known than its inputs and
     * outputs.
     */
    record Listed(List<Slot> slots) implements StateSpec {
        public Listed {
            slots = ImmutableList.copyOf(slots);
        }

        @Override
        public List<Slot> slots(Storage storage) {
            return slots;
        }

        @Override
        public String toString() {
            return slots.stream().map(s -> s.name() + " " + s.type()).toList().toString();
        }
    }

    /** Several states of one layer, by name; a slot is called {@code part.slot}. */
    record Joint(ImmutableMap<String, StateSpec> parts) implements StateSpec {
        @Override
        public List<Slot> slots(Storage storage) {
            ImmutableList.Builder<Slot> all = ImmutableList.builder();
            parts.forEach((name, part) -> part.slots(storage).forEach(s -> all.add(s.prefixed(name))));
            return all.build();
        }

        @Override
        public String toString() {
            return parts.entrySet().stream()
                    .map(p -> p.getKey() + ": " + p.getValue())
                    .collect(Collectors.joining("; "));
        }
    }

    /** The state of an earlier layer, read after that layer has updated it; takes no memory of its own. */
    record Shared(int layer) implements StateSpec {
        @Override
        public List<Slot> slots(Storage storage) {
            return ImmutableList.of();
        }

        @Override
        public String toString() {
            return "shares layer " + layer;
        }
    }

    /** The tensors that hold the state. */
    List<Slot> slots(Storage storage);

    /** The bytes that one sequence's state takes with room for {@code contextLength} tokens. */
    default long bytes(long contextLength, Storage storage) {
        ImmutableMap<String, Long> sizes = ImmutableMap.of("batch", 1L, "context", contextLength);
        return slots(storage).stream()
                .mapToLong(s -> s.type().dtype().byteSize(s.type().shape(sizes)))
                .sum();
    }
}
