package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.attention4j.LanguageModel;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;
import org.attention4j.pictures.LineChart;
import org.attention4j.pictures.PictureFormat;

/**
 * Asks several models the same questions and draws how many they answer by how far back the fact is: where a window ends, its line
 * falls. A point is the mean distance of its questions.
 */
@AutoService(Sample.class)
public final class RecallChart implements Sample {
    private static final int QUESTIONS = 200;

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public String description() {
        return "draws exact answers of several models by the distance of the fact";
    }

    @Override
    public String options() {
        return "[--models A,B] [--count QUESTIONS] [--out FILE.png|FILE.html] [--backend NAME]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) throws IOException {
        Optional<Path> file = arguments.option("out").map(Path::of);
        file.ifPresent(PictureFormat::forWriting);
        List<Question> questions = Question.first(arguments.number("count", QUESTIONS));
        LineChart chart = LineChart.of(
                "Exact answers to %d questions".formatted(questions.size()),
                "tokens between the fact and the end of the prompt",
                "exact answers, %");
        out.println("exact answers by tokens between the fact and the end of the prompt");
        for (String name : arguments.list("models", "mha,window,window_sinks,gla,gated_deltanet,hybrid")) {
            try (LanguageModel model = arguments.open("builtin:" + name)) {
                Recall recall = Recall.of(model, questions);
                for (Recall.Band band : recall.bands()) {
                    out.printf(
                            Locale.ROOT,
                            "%-14s %-12s %3d of %3d, %3.0f %%%n",
                            name,
                            band.name(),
                            band.right(),
                            band.asked(),
                            band.percent());
                }
                out.flush();
                chart = chart.with(
                        name,
                        recall.bands().stream()
                                .mapToDouble(Recall.Band::distance)
                                .toArray(),
                        recall.bands().stream()
                                .mapToDouble(Recall.Band::percent)
                                .toArray());
            }
        }
        if (file.isPresent()) {
            chart.fromZero().write(file.get());
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new RecallChart(), args);
    }
}
