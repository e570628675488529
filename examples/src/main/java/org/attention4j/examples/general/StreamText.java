package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.GenerationStatistics;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Opens a model, such as a GGUF file, and prints each piece of the text that it writes as soon as it is certain. This is all that
 * an application needs to generate text: a model is opened once and shared by all threads, and each generation has a session of its
 * own.
 */
@AutoService(Sample.class)
public final class StreamText implements Sample {
    @Override
    public String name() {
        return "stream";
    }

    @Override
    public String description() {
        return "opens a model and prints its text as it comes";
    }

    @Override
    public String options() {
        return "[--model PATH] [--tokens N] [--backend NAME] [PROMPT...]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        String prompt = arguments.text().orElse("Once upon a time");
        GenerationOptions options = GenerationOptions.DEFAULT.withMaxTokens(arguments.number("tokens", 100));
        try (LanguageModel model = arguments.open(arguments.option("model").orElse("builtin:stories"))) {
            out.print(prompt);
            GenerationStatistics done = model.stream(prompt, options, chunk -> {
                out.print(chunk.text());
                out.flush();
            });
            out.printf(
                    Locale.ROOT,
                    "%n%n%d tokens read at %.0f a second, %d written at %.0f a second%n",
                    done.promptTokens(),
                    done.prefillTokensPerSecond(),
                    done.generatedTokens(),
                    done.decodeTokensPerSecond());
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new StreamText(), args);
    }
}
