package org.attention4j.examples.general;

import static org.attention4j.examples.SampleRun.assertPrints;
import static org.attention4j.examples.SampleRun.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.session.Session;
import org.attention4j.examples.SampleRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Samples print what is true of the embedded model. */
class GeneralSamplesTest {
    private static final String PROMPT = "Once upon a time there was a brave girl";

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void streamPrintsWhatTheModelGenerates() throws IOException {
        List<String> lines = lines("stream", "--tokens", "12", PROMPT);
        assertEquals(PROMPT + generated("builtin:stories", 12), lines.getFirst());
        assertTrue(
                lines.getLast().matches("10 tokens read at \\d+ a second, 12 written at \\d+ a second"),
                lines.getLast());
    }

    @Test
    void streamTakesOtherModelsAndBackends() throws IOException {
        List<String> lines =
                lines("stream", "--tokens", "5", "--model", "builtin:mqa", "--backend", "reference", PROMPT);
        assertEquals(PROMPT + generated("builtin:mqa", 5), lines.getFirst());
    }

    /** What the reference backend continues the prompt with. */
    private static String generated(String location, int tokens) {
        try (LanguageModel model =
                LanguageModel.builder(location).backend("reference").open()) {
            return model.generate(PROMPT, GenerationOptions.DEFAULT.withMaxTokens(tokens))
                    .text();
        }
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void chatReadsTheStoryOnce() throws IOException {
        assertPrints("""
                > Where did Tom find the kite?
                 behind the house.
                  (59 tokens, of which 0 were in the model's state already)
                > Who was the friend of Lily?
                 Tom.
                  (59 tokens, of which 49 were in the model's state already)
                > What did Tom want to be?
                 a doctor.
                  (59 tokens, of which 49 were in the model's state already)
                """, "chat");
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void scoreSumsLogProbabilitiesOfLongTextsToo() throws IOException {
        String text = "Once upon a time there was a brave girl named Lily. "
                .repeat(15)
                .strip();
        double expected = 0;
        int counted = 0;
        try (LanguageModel model = LanguageModel.builder("builtin:stories")
                        .backend("reference")
                        .open();
                Session session = model.newSession()) {
            int[] ids = model.tokenizer().encode(text, true);
            for (int i = 0; i + 1 < ids.length; i++) {
                float[] logits = session.decode(ids[i]).toFloatArray();
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                expected += logits[ids[i + 1]] - Math.log(sum);
                counted++;
            }
        }
        assertTrue(counted > 150, "more than are scored at once");
        String[] words = lines("score", text).get(1).strip().split(" +", 4);
        assertEquals(Math.exp(-expected / counted), Double.parseDouble(words[0]), 0.02);
        assertEquals(expected, Double.parseDouble(words[1]), 0.1);
        assertEquals(counted, Integer.parseInt(words[2]));
        assertEquals(text, words[3]);
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void scoreRanksTheRightAnswerFirst() throws IOException {
        List<String> lines = lines("score");
        assertTrue(perplexity(lines.get(1)) < 3, "a sentence of the stories: " + lines.get(1));
        assertTrue(perplexity(lines.get(2)) > 1000, "its words in another order: " + lines.get(2));
        List<String> ranked = lines.subList(lines.size() - 4, lines.size());
        assertTrue(ranked.getFirst().matches(" +-0\\.0\\d\\d  behind the house\\."), ranked::toString);
        assertTrue(ranked.getLast().endsWith(" a doctor."), ranked::toString);
    }

    private static double perplexity(String line) {
        return Double.parseDouble(line.substring(0, 10));
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void aSavedSessionGoesOnWithTheSameText() throws IOException {
        assertPrints("""
                saved on %s: 40 tokens, 81,920 bytes of states in 82,002 bytes
                went on: Question: Where did Tom find the kite? Answer: behind the house.
                resumed on reference behind 40 tokens: Question: Where did Tom find the kite? Answer: behind the house.
                the same: true
                """.formatted(SampleRun.backend()), "save_session");
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void twoSessionsAnswerTheirOwnQuestions() throws IOException {
        assertPrints("""
                read 47 tokens; each session has 1,048,576 bytes of states
                one session: Question: Where did Tom find the kite? Answer: behind the house.
                its fork: Question: What did Tom want to be? Answer: a doctor.
                they are at tokens 64 and 63
                """, "two_sessions");
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void thePlanNamesTheBackendAndAllOps() throws IOException {
        List<String> lines = lines("plan");
        String backend = SampleRun.backend();
        assertTrue(lines.contains("backend " + backend + ": ready"), lines::toString);
        assertTrue(
                lines.stream().anyMatch(l -> l.matches("builtin:hybrid on %s, device \\S+:".formatted(backend))),
                lines::toString);
        for (String op : List.of("1 x embedding", "1 x cached_attention", "3 x causal_conv", "3 x linear_recurrence")) {
            assertTrue(lines.stream().anyMatch(l -> l.strip().startsWith(op + " -> ")), op + " in " + lines);
        }
    }

    @Test
    void thePlanTellsLoweringsAndRefusals() throws IOException {
        List<String> lines = lines("plan", "--backend", "onnx");
        assertTrue(lines.contains("backend reference: ready"), lines::toString);
        assertTrue(lines.contains("builtin:hybrid on onnx, device cpu:"), lines::toString);
        assertTrue(lines.contains("   1 x cached_attention -> group_query_attention"), lines::toString);
        assertTrue(lines.contains("   3 x causal_conv -> causal_conv_with_state"), lines::toString);
        assertTrue(
                lines.contains("         not rows_of_blocks: the table is F16, not block-quantised"), lines::toString);
        List<String> reference = lines("plan", "--backend", "reference", "--model", "builtin:window").stream()
                .filter(l -> l.contains(" x "))
                .toList();
        assertTrue(reference.contains("   4 x cached_attention -> decomposed"), reference::toString);
        assertTrue(reference.stream().allMatch(l -> l.endsWith("-> decomposed")), reference::toString);
    }

    @Test
    void anOnnxFileGivesTheSameTokens() throws IOException {
        List<String> lines = lines("onnx_file", "--backend", "onnx", PROMPT);
        String text = generated("builtin:stories", 40);
        assertTrue(lines.getFirst().matches("model.onnx: [\\d,]+ bytes, and [\\d,]+ of weights"), lines.getFirst());
        assertEquals(
                List.of("llama, gguf:" + text, "llama, onnx:" + text, "the same 40 tokens: true"),
                lines.subList(1, lines.size()));
    }

    @Test
    void aMixerOfOnesOwnRunsOnEveryBackend() throws IOException {
        List<String> lines = lines("custom_mixer");
        assertEquals("running_mean, state: recurrent [sum F32[batch, 16]]", lines.getFirst());
        for (String backend : List.of("onnx", "reference")) {
            String line = lines.stream()
                    .filter(l -> l.startsWith(backend + ": "))
                    .findFirst()
                    .orElseThrow();
            assertNearTheReference(line);
        }
        assertEquals(
                String.format(Locale.ROOT, "reference: differs from the reference by %.1e at once, ", 0.0),
                lines.getLast().replaceFirst("by [^,]* token by token", ""));
    }

    @Tag(SampleRun.ANY_BACKEND)
    @Test
    void aMixerOfOnesOwnComputesTheSame() throws IOException {
        String line = lines("custom_mixer", "--backend", SampleRun.backend()).getLast();
        assertTrue(line.startsWith(SampleRun.backend() + ": "), line);
        assertNearTheReference(line);
    }

    private static void assertNearTheReference(String line) {
        String[] words = line.split(" ", -1);
        assertTrue(Double.parseDouble(words[6]) < 1e-5 && Double.parseDouble(words[10]) < 1e-5, line);
    }
}
