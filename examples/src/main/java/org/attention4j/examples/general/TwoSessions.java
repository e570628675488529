package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.TextStream;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Reads a story once, forks the session, and asks both sessions a question of their own, at the same time on two threads. Weights
 * and compiled graphs are the model's and shared; what changes is in the sessions, each of which belongs to one thread at a time.
 */
@AutoService(Sample.class)
public final class TwoSessions implements Sample {
    private static final String STORY =
            "Once upon a time there was a brave girl named Lily. She had a friend named Tom. Tom wanted to be a doctor. "
                    + "One day, Lily lost her kite. Tom found the kite behind the house. Lily felt happy.";

    private static final String FIRST = "\nQuestion: Where did Tom find the kite?\nAnswer:";
    private static final String SECOND = "\nQuestion: What did Tom want to be?\nAnswer:";

    @Override
    public String name() {
        return "two_sessions";
    }

    @Override
    public String description() {
        return "forks a session, and runs both at once on two threads from one model";
    }

    @Override
    public String options() {
        return "[--model PATH] [--backend NAME]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        try (LanguageModel model = arguments.open(arguments.option("model").orElse("builtin:stories"));
                Session session = model.newSession()) {
            session.prefill(model.tokenizer().encode(STORY, EncodeOptions.PROMPT));
            out.printf(
                    Locale.ROOT,
                    "read %d tokens; each session has %,d bytes of states%n",
                    session.position(),
                    session.stateBytes());
            try (Session fork = session.fork();
                    ExecutorService threads = Executors.newFixedThreadPool(2)) {
                CompletableFuture<String> first =
                        CompletableFuture.supplyAsync(() -> answer(model, session, FIRST), threads);
                CompletableFuture<String> second =
                        CompletableFuture.supplyAsync(() -> answer(model, fork, SECOND), threads);
                out.printf("one session:%s%s%n", FIRST.replace('\n', ' '), first.join());
                out.printf("its fork:%s%s%n", SECOND.replace('\n', ' '), second.join());
                out.printf("they are at tokens %d and %d%n", session.position(), fork.position());
            }
        }
    }

    private static String answer(LanguageModel model, Session session, String question) {
        GenerationOptions options = GenerationOptions.DEFAULT.withMaxTokens(16);
        try (TextStream stream = TextStream.start(session, model.tokenizer(), question, options)) {
            return stream.readAll().text();
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new TwoSessions(), args);
    }
}
