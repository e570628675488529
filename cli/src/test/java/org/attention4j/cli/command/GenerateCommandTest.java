package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
    }

    @Test
    void printsTheIdsOfAsManyTokensAsAskedFor() {
        String out = generate("--tokens", "1,2,3", "--print-tokens", "--max-tokens", 5)
                .done();
        assertTrue(out.strip().matches("\\d+( \\d+){4}"), out);
        assertTrue(out.endsWith(System.lineSeparator()));
    }

    @Test
    void whatTheBackendDoesIsShownOnStandardError() {
        Cli.Result result = Cli.run(
                "generate",
                "--model",
                model,
                "--backend",
                "faulty",
                "--tokens",
                1,
                "--print-tokens",
                "--max-tokens",
                2);
        assertTrue(result.done().strip().matches("\\d+ \\d+"), result.out());
        assertEquals("making a mistake, the first of 3 ..." + System.lineSeparator(), result.err());
    }

    @Test
    void sampledTokensDependOnTheSeed() {
        Object[] options = {"--tokens", "1,2", "--print-tokens", "--max-tokens", 12, "--temperature", 1, "--top-k", 50};
        String first = generateWith(options, "--seed", 1).done();
        assertEquals(first, generateWith(options, "--seed", 1).done());
        assertNotEquals(first, generateWith(options, "--seed", 2).done());
    }

    @Test
    void textGoesInAndComesOut() {
        String text = generate("--prompt", "Hello", "--max-tokens", 4).done();
        assertTrue(text.length() > 1, text);
        assertEquals(
                text,
                generate("--prompt-file", write("prompt.txt", "Hello"), "--max-tokens", 4)
                        .done());
    }

    @Test
    void anotherTokenizerTakesThePlaceOfTheModels() throws IOException {
        StringBuilder vocabulary = new StringBuilder();
        for (int id = 1; id < 300; id++) {
            vocabulary.append("%d '%c' %d\n".formatted(id, 0x100 + id, 2));
        }
        Path file = write("rwkv_vocab.txt", vocabulary.toString());
        String text = generate("--tokenizer", file, "--prompt", "\u0101", "--max-tokens", 3)
                .done();
        String ids =
                generate("--tokens", "1", "--print-tokens", "--max-tokens", 3).done();
        StringBuilder expected = new StringBuilder();
        Pattern.compile(" ")
                .splitAsStream(ids.strip())
                .forEach(id -> expected.append((char) (0x100 + Integer.parseInt(id))));
        assertEquals(expected.toString(), text.strip());
        generate("--tokenizer", directory.resolve("none.json"), "--prompt", "a")
                .assertRefusedLike(".*none.json: no such file");
    }

    @Test
    void textAndIdsAreTheSameGeneration() {
        String ids = generate("--prompt", "Hello", "--max-tokens", 3, "--print-tokens")
                .done();
        assertEquals(3, ids.strip().split(" ").length, ids);
    }

    @Test
    void withoutAPromptTheEmbeddedModelAnswersAQuestionAboutAStory() {
        String text = Cli.run("generate", "--backend", "reference").done();
        assertTrue(text.startsWith("Once upon a time there was a brave girl named Lily."), text);
        assertTrue(text.contains("Question: Where did Tom find the kite?"), text);
        assertTrue(text.strip().endsWith("Answer: behind the house."), text);
    }

    @Test
    void statisticsGoToStandardError() {
        Cli.Result result = generate("--tokens", "1,2", "--print-tokens", "--max-tokens", 3, "--stats");
        assertEquals(1, result.done().lines().count());
        assertTrue(result.err().contains("prefill  2 tokens in "), result.err());
        assertTrue(result.err().contains("decode   2 tokens in "), result.err());
        assertTrue(result.err().contains("stopped  by --max-tokens after 3 tokens"), result.err());
        assertTrue(result.err().contains("states   "), result.err());
    }

    @Test
    void theContextEndsARun() {
        Cli.Result result = generate("--tokens", "1,2,3", "--print-tokens", "--context", 5, "--stats");
        assertEquals(3, result.done().strip().split(" ").length);
        assertTrue(result.err().contains("stopped  by the end of the context after 3 tokens"), result.err());
    }

    @Test
    void badInputIsAnErrorOfOneLine() {
        generate("--tokens", "1,2,3", "--context", 2)
                .assertRefused("attention4j: prompt: got 3 tokens, but only 2 of the context's 2 are free");
        generate("--tokens", "300").assertRefused("attention4j: prompt: got token id 300, expected 0 to 299");
        generate("--tokens", "1", "--context", 65)
                .assertRefused("attention4j: context length: got 65, expected 1 to 64, which %s was trained for"
                        .formatted(model));
        generate("--tokens", "1", "--top-p", 2)
                .assertRefused("attention4j: top-p: got 2.0, expected more than 0 and at most 1");
        generate("--tokens", "1", "--stop", "")
                .assertRefused("attention4j: stop: a stop string is empty, expected at least one character");
        generate().assertRefused("attention4j: prompt: none given, expected --prompt, --prompt-file or --tokens");
        generate("--prompt-file", directory)
                .assertRefused("attention4j: %s: expected a file of text, got a directory".formatted(directory));
        Cli.run("generate", "--context", 513, "--backend", "reference")
                .assertRefused(
                        "attention4j: context length: got 513, expected 1 to 512, which builtin:stories was trained"
                                + " for");
        generate("--prompt-file", directory.resolve("none.txt"))
                .assertRefused("attention4j: %s: no such file or directory".formatted(directory.resolve("none.txt")));
        Cli.run("generate", "--model", directory.resolve("none.gguf"), "--prompt", "x")
                .assertRefused("attention4j: %s: no such file or directory".formatted(directory.resolve("none.gguf")));
        Cli.run("generate", "--model", model, "--prompt", "x", "--backend", "abacus")
                .assertRefusedLike("attention4j: unknown backend abacus; known are .*");
    }

    private static Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Cli.Result generate(Object... options) {
        return generateWith(options);
    }

    private static Cli.Result generateWith(Object[] options, Object... more) {
        Object[] args = new Object[5 + options.length + more.length];
        System.arraycopy(new Object[] {"generate", "--model", model, "--backend", "reference"}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        System.arraycopy(more, 0, args, 5 + options.length, more.length);
        return Cli.run(args);
    }
}
