package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Value;

/** The inputs of one application of attention, sorted out by what they are. */
final class AttentionInputs {
    private final Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);

    /** @param in the composite's inputs: {@code leading} ones, then one for each of {@code extras} in their order */
    AttentionInputs(Set<AttentionInput> extras, int leading, List<Value> in) {
        int i = leading;
        for (AttentionInput extra : ImmutableSortedSet.copyOf(extras)) {
            this.extras.put(extra, in.get(i++));
        }
    }

    static List<String> names(Set<AttentionInput> extras, String... leading) {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        names.add(leading);
        ImmutableSortedSet.copyOf(extras).forEach(e -> names.add(e.inputName()));
        return names.build();
    }

    Optional<Value> find(AttentionInput extra) {
        return Optional.ofNullable(extras.get(extra));
    }

    Value get(AttentionInput extra) {
        return find(extra).orElseThrow(() -> new IllegalArgumentException("attention: no input " + extra.inputName()));
    }
}
