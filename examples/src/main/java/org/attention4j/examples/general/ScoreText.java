package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.TextScore;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Asks a model how probable texts are, without having it write any. The perplexity tells among how many equally probable tokens
 * the model had to choose on average; of answers to a question, the one with the largest log-likelihood is the model's, which is how
 * tests with answers to choose from are scored.
 */
@AutoService(Sample.class)
public final class ScoreText implements Sample {
    private static final List<String> TEXTS = List.of(
            "Once upon a time there was a brave girl named Lily.",
            "Lily brave a named there time upon girl was a Once.",
            "The committee approved the annual budget.");

    private static final String QUESTION =
            "Once upon a time there was a brave girl named Lily. She had a friend named Tom."
                    + " One day, Lily lost her kite. Tom found the kite behind the house. Lily felt happy."
                    + "\nQuestion: Where did Tom find the kite?\nAnswer:";

    private static final List<String> ANSWERS =
            List.of(" near the river.", " behind the house.", " in the garden.", " a doctor.");

    @Override
    public String name() {
        return "score";
    }

    @Override
    public String description() {
        return "tells how probable texts are to a model, and ranks answers to a question";
    }

    @Override
    public String options() {
        return "[--model PATH] [--backend NAME] [TEXT...]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        List<String> texts = arguments.words().isEmpty() ? TEXTS : arguments.words();
        try (LanguageModel model = arguments.open(arguments.option("model").orElse("builtin:stories"))) {
            out.println("perplexity  log-likelihood  tokens");
            for (String text : texts) {
                TextScore score = model.score(text);
                out.printf(
                        Locale.ROOT,
                        "%10.2f %15.2f %7d  %s%n",
                        score.perplexity(),
                        score.logLikelihood(),
                        score.tokens(),
                        text);
            }
            if (arguments.words().isEmpty()) {
                rank(model, out);
            }
        }
    }

    private static void rank(LanguageModel model, PrintWriter out) {
        record Ranked(String answer, TextScore score) {}
        out.printf("%n%s%n", QUESTION.substring(QUESTION.indexOf("Question")).replace('\n', ' '));
        ANSWERS.stream()
                .map(answer -> new Ranked(answer, model.score(QUESTION, answer)))
                .sorted(Comparator.comparingDouble(r -> -r.score().logLikelihood()))
                .forEach(r -> out.printf(Locale.ROOT, "%10.3f %s%n", r.score().logLikelihood(), r.answer()));
    }

    static void main(String[] args) throws IOException {
        Samples.main(new ScoreText(), args);
    }
}
