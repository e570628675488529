package org.attention4j.examples.variant;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;

/**
 * What is special about one way of letting tokens see each other, in numbers: what its layers remember, in how many bytes after how
 * many tokens, what one more token costs then, and from how far back it answers questions. The model {@code builtin:NAME} has the
 * sample's name. It may have been trained for fewer tokens than are measured: that changes what it says, and not what it costs.
 */
public abstract class VariantSample implements Sample {
    private static final List<Integer> DEPTHS = ImmutableList.of(8, 64, 256, 1024, 4096);
    private static final int QUESTIONS = 100;

    private final String name;
    private final String description;

    /**
     * A sample of the model {@code builtin:NAME}.
     *
     * @param description the variant in one line
     */
    protected VariantSample(String name, String description) {
        this.name = name;
        this.description = description;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final String options() {
        return "[--count QUESTIONS] [--depth TOKENS] [--backend NAME]";
    }

    @Override
    public final void run(Arguments arguments, PrintWriter out) throws IOException {
        List<Question> questions = Question.first(arguments.number("count", QUESTIONS));
        int deepest = arguments.number("depth", DEPTHS.getLast());
        if (deepest < DEPTHS.getFirst()) {
            throw new IllegalArgumentException(
                    "--depth: got %d, expected at least %d tokens".formatted(deepest, DEPTHS.getFirst()));
        }
        try (LanguageModel model = arguments.open("builtin:" + name)) {
            out.printf("%s on %s: %s%n", name, model.compiled().plan().backend(), description);
            layers(model.definition(), out);
            depths(model, DEPTHS.stream().filter(d -> d <= deepest).toList(), out);
            questions(model, questions, out);
        }
    }

    private static void layers(ModelDefinition model, PrintWriter out) {
        for (int i = 0; i < model.layers().size(); i++) {
            LayerInfo layer = model.layers().get(i);
            out.printf("layer %d: %s, %s; %s%n", i, layer.mixer(), layer.description(), layer.state());
        }
    }

    private static void depths(LanguageModel model, List<Integer> depths, PrintWriter out) {
        out.printf("%n%8s %14s %22s%n", "tokens", "state, bytes", "one more token, ms");
        for (Depth depth : Depth.measure(model, depths)) {
            out.printf(
                    Locale.ROOT, "%8d %,14d %22.2f%n", depth.tokens(), depth.rememberedBytes(), depth.milliseconds());
        }
    }

    private static void questions(LanguageModel model, List<Question> questions, PrintWriter out) {
        Recall recall = Recall.of(model, questions);
        out.printf("%nexact answers by tokens between the fact and the end of the prompt%n");
        for (Recall.Band band : recall.bands()) {
            out.printf(
                    Locale.ROOT,
                    "%-12s %3d of %3d, %3.0f %%%n",
                    band.name(),
                    band.right(),
                    band.asked(),
                    band.percent());
        }
        out.printf(
                Locale.ROOT,
                "%-12s %3d of %3d, %3.0f %%%n",
                "all",
                recall.right(),
                recall.asked(),
                100.0 * recall.right() / recall.asked());
    }
}
