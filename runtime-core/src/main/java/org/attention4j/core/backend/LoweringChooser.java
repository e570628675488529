package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Op;

/**
 * Chooses a lowering for each composite and keeps the record that becomes the plan: what the user pinned, else the
 * lowering of the highest priority that answers yes, else none.
 *
 * @param <L> the backend's kind of lowering
 */
public final class LoweringChooser<L extends Lowering> {
    private final ImmutableList<L> lowerings;
    private final Map<String, String> pinned;
    private final Map<Key, Plan.Choice> choices = new LinkedHashMap<>();

    /** An op that became part of another may have its label. */
    private record Key(String label, String op) {
        static Key of(Composite composite) {
            return new Key(composite.label(), composite.name());
        }
    }

    /** Chooses among these. */
    public LoweringChooser(Collection<L> lowerings, CompileOptions options) {
        this.lowerings = ImmutableList.sortedCopyOf(
                Comparator.comparingInt((L l) -> -l.priority()).thenComparing(Lowering::name), lowerings);
        this.pinned = options.pinned();
    }

    /**
     * The lowering for a composite; empty: its decomposition.
     *
     * @throws BackendException if the pinned lowering does not exist or refuses
     */
    public Optional<L> choose(Composite composite) {
        return choose(composite, lowering -> lowering.supports(composite));
    }

    /** {@link #choose(Composite)} for lowerings that look at more than the composite: {@code supports} asks them. */
    public Optional<L> choose(Composite composite, Function<L, Lowering.Answer> supports) {
        List<Plan.Refusal> refusals = new ArrayList<>();
        Optional<L> chosen = Optional.empty();
        String note = "";
        String pin = pinned.get(composite.name());
        for (L lowering : lowerings) {
            if (!lowering.isFor(composite.op())) {
                continue;
            }
            if (pin != null && !pin.equals(lowering.name())) {
                refusals.add(new Plan.Refusal(lowering.name(), "the caller pinned " + pin));
                continue;
            }
            switch (supports.apply(lowering)) {
                case Lowering.Answer.No(String reason) -> refusals.add(new Plan.Refusal(lowering.name(), reason));
                case Lowering.Answer.Yes(String said) -> {
                    chosen = Optional.of(lowering);
                    note = said;
                }
            }
            if (chosen.isPresent()) {
                break;
            }
        }
        if (pin != null && chosen.isEmpty() && !pin.equals(Plan.DECOMPOSED)) {
            throw new BackendException("%s: %s can't be lowered to the pinned %s: %s"
                    .formatted(composite.label(), composite.name(), pin, reason(pin, refusals)));
        }
        String name = chosen.map(Lowering::name).orElse(Plan.DECOMPOSED);
        choices.putIfAbsent(
                Key.of(composite), new Plan.Choice(composite.label(), composite.name(), name, refusals, note));
        return chosen;
    }

    /** Says that what was chosen for an op did not come about: it became part of {@code whole}, for which a choice was made too. */
    public void joined(Op op, Composite whole) {
        Plan.Choice becameOf = choices.get(Key.of(whole));
        if (becameOf != null && op instanceof Composite part) {
            choices.computeIfPresent(
                    Key.of(part),
                    (key, before) -> new Plan.Choice(
                            key.label, key.op, becameOf.lowering(), before.refusals(), "in " + whole.label()));
        }
    }

    /** Why the pinned lowering was not taken. */
    private static String reason(String pin, List<Plan.Refusal> refusals) {
        return refusals.stream()
                .filter(r -> r.lowering().equals(pin))
                .map(Plan.Refusal::reason)
                .findFirst()
                .orElseGet(() -> refusals.stream()
                        .map(Plan.Refusal::lowering)
                        .collect(Collectors.joining(
                                ", ", "there is none of this name, but ", " or " + Plan.DECOMPOSED)));
    }

    /** The choices so far, in order; of composites with one label and name, such as those of a layer's experts, the first. */
    public Plan plan(String backend, String device) {
        return new Plan(backend, device, ImmutableList.copyOf(choices.values()));
    }
}
