package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.TextStream;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Reads a story, writes what the model remembers of it to a file, and goes on from the file with a model that is opened anew, on
 * another backend: the reference. A saved session holds what a state means, not how a backend lays it out, so another process or
 * machine may go on with it. The same question gets the same answer, and the story is not read again.
 */
@AutoService(Sample.class)
public final class SaveSession implements Sample {
    private static final String STORY =
            "Once upon a time there was a brave girl named Lily. She had a friend named Tom. One day, Lily lost her kite. "
                    + "Tom found the kite behind the house. Lily felt happy.";

    private static final String QUESTION = "\nQuestion: Where did Tom find the kite?\nAnswer:";

    @Override
    public String name() {
        return "save_session";
    }

    @Override
    public String description() {
        return "saves what a model remembers, and goes on from the file on another backend";
    }

    @Override
    public String options() {
        return "[--model PATH] [--backend NAME] [--resume-on BACKEND]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) throws IOException {
        String location = arguments.option("model").orElse("builtin:stories");
        String other = arguments.option("resume-on").orElse("reference");
        Path file = Files.createTempFile("session", ".state");
        try {
            String expected;
            try (LanguageModel model = arguments.open(location);
                    Session session = model.newSession();
                    OutputStream to = new BufferedOutputStream(Files.newOutputStream(file))) {
                session.prefill(model.tokenizer().encode(STORY, EncodeOptions.PROMPT));
                session.save(to);
                out.printf(
                        Locale.ROOT,
                        "saved on %s: %d tokens, %,d bytes of states in %,d bytes%n",
                        model.compiled().plan().backend(),
                        session.position(),
                        session.rememberedBytes(),
                        Files.size(file));
                expected = answer(model, session);
                out.println("went on:" + QUESTION.replace('\n', ' ') + expected);
            }
            try (LanguageModel model =
                            LanguageModel.builder(location).backend(other).open();
                    InputStream from = new BufferedInputStream(Files.newInputStream(file));
                    Session session = model.compiled().restoreSession(from, model.contextLength())) {
                int known = session.position();
                String actual = answer(model, session);
                out.printf(
                        Locale.ROOT,
                        "resumed on %s behind %d tokens:%s%s%n",
                        other,
                        known,
                        QUESTION.replace('\n', ' '),
                        actual);
                out.println("the same: " + actual.equals(expected));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static String answer(LanguageModel model, Session session) {
        GenerationOptions options = GenerationOptions.DEFAULT.withMaxTokens(16);
        try (TextStream stream = TextStream.start(session, model.tokenizer(), QUESTION, options)) {
            return stream.readAll().text();
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new SaveSession(), args);
    }
}
