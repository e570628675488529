package org.attention4j.examples.variant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attention4j.examples.Recorded;
import org.attention4j.examples.Sample;
import org.attention4j.examples.SampleRun;
import org.attention4j.examples.Samples;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** On any backend, samples of variants print what PyTorch answered and what states take. */
@Tag(SampleRun.ANY_BACKEND)
class VariantSamplesTest {
    private static final Pattern DEPTH = Pattern.compile(" +(\\d+) +([\\d,]+) +(\\d+\\.\\d\\d)");

    private static final int FEW_QUESTIONS = 6;

    private static final Map<String, List<String>> RUNS = new HashMap<>();

    static Stream<String> variants() {
        return Samples.all().stream().filter(VariantSample.class::isInstance).map(Sample::name);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void exactAnswersAreThoseThatPyTorchGave(String name) throws IOException {
        JsonNode right = Recorded.variant(name).get("right");
        int count = count(right);
        List<String> lines = lines(name);
        long expected =
                IntStream.range(0, count).filter(i -> right.get(i).asBoolean()).count();
        assertTrue(lines.getLast().matches("all +%d of +%d, +\\d+ %%".formatted(expected, count)), lines.getLast());
        long near = IntStream.range(0, count)
                .filter(i -> right.get(i).asBoolean()
                        && Recorded.questions().get(i).get("distance").asInt() < 48)
                .count();
        assertEquals(near, rightBelow48(lines));
    }

    private static long rightBelow48(List<String> lines) {
        return lines.stream()
                .filter(l -> l.matches("(0 to 15|16 to 31|32 to 47) .*"))
                .mapToLong(l -> Long.parseLong(
                        l.replaceFirst(".{12} +", "").replaceFirst(" of.*", "").strip()))
                .sum();
    }

    /** After 8, 64 and 4096 tokens. Behind the first 4 a window of 48 keeps the 47 that the next token sees besides itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                mha          |  32768 |  262144 | 16777216
                gqa          |  16384 |  131072 |  8388608
                mqa          |   8192 |   65536 |  4194304
                window       |  32768 |  196608 |   196608
                window_sinks |  32768 |  208896 |   208896
                hybrid       |  91136 |  148480 |  4277248
                rwkv7        | 135168 |  135168 |   135168
                mamba        | 143360 |  143360 |   143360
                mamba2       | 286720 |  286720 |   286720
                gla          | 149504 |  149504 |   149504
                gated_deltanet | 149504 | 149504 |  149504
                """)
    void bytesOfStatesAreThoseOfTheTokensKept(String name, long few, long some, long many) throws IOException {
        List<String> lines = lines(name);
        assertEquals(few, bytes(lines, 8));
        assertEquals(some, bytes(lines, 64));
        if (!SampleRun.isSlow()) {
            assertEquals(many, bytes(lines, 4096));
        }
    }

    /** How many questions to ask. */
    private static int count(JsonNode right) {
        return SampleRun.isSlow() ? FEW_QUESTIONS : right.size();
    }

    /** What the sample prints, run once. */
    private static List<String> lines(String name) throws IOException {
        List<String> known = RUNS.get(name);
        if (known == null) {
            String count = Integer.toString(count(Recorded.variant(name).get("right")));
            String depth = SampleRun.isSlow() ? "64" : "4096";
            known = SampleRun.lines(name, "--count", count, "--depth", depth);
            RUNS.put(name, known);
        }
        return known;
    }

    private static long bytes(List<String> lines, int tokens) {
        return lines.stream()
                .map(DEPTH::matcher)
                .filter(m -> m.matches() && m.group(1).equals(Integer.toString(tokens)))
                .peek(m -> assertTrue(Double.parseDouble(m.group(3)) > 0, m.group()))
                .mapToLong(m -> Long.parseLong(m.group(2).replace(",", "")))
                .findFirst()
                .orElseThrow();
    }
}
