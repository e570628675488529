package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.ImmutableIntArray;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.generate.Sampler;
import org.attention4j.core.generate.SamplingOptions;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.testkit.GoldenData;
import org.attention4j.testkit.SessionCase;
import org.attention4j.testkit.SessionLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of other people's models with a state that is not only a cache of all tokens. */
class GoldenSessionsTest extends SessionLaws {
    private static final Set<String> RECURRENT = Set.of(
            "rwkv4",
            "rwkv5_blinkdl",
            "rwkv6_blinkdl",
            "rwkv7_blinkdl",
            "rwkv7_fla",
            "mamba",
            "mamba2",
            "falcon_mamba",
            "jamba",
            "bamba",
            "minimax",
            "qwen3_next",
            "recurrent_gemma",
            "lfm2");

    private static final Set<String> OTHERS = Set.of("mistral", "gemma2", "gemma3", "gpt_oss", "deepseek_v2");

    private final List<Checkpoint> open = new ArrayList<>();

    GoldenSessionsTest() {
        super("onnx", "reference");
    }

    @AfterAll
    void closeFiles() {
        open.forEach(Checkpoint::close);
    }

    @Override
    protected Stream<SessionCase> cases() {
        return models(RECURRENT).map(golden -> {
            Checkpoint checkpoint = ModelFormats.open(golden.path());
            open.add(checkpoint);
            return SessionCase.recurrent(golden.name(), Architectures.define(checkpoint));
        });
    }

    /** More than one chunk of every recurrence. */
    @Override
    protected int promptLength() {
        return 70;
    }

    Stream<GoldenModel> recorded() {
        return Stream.concat(models(RECURRENT), models(OTHERS));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void recordedTokensComeAcrossBackends(GoldenModel golden) throws IOException {
        try (Checkpoint checkpoint = ModelFormats.open(golden.path());
                Backend onnx = Backends.create("onnx", BackendOptions.DEFAULT);
                Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledModel fast = compile(checkpoint, onnx);
                CompiledModel judge = compile(checkpoint, reference)) {
            assertEquals(golden.greedy(), tokens(golden, fast, judge), "onnx, then reference");
            assertEquals(golden.greedy(), tokens(golden, judge, fast), "reference, then onnx");
        }
    }

    private static CompiledModel compile(Checkpoint checkpoint, Backend backend) {
        return CompiledModel.compile(Architectures.define(checkpoint), backend, CompileOptions.DEFAULT);
    }

    /** The most probable tokens after the recorded prompt: the first half on one backend, the rest on the other. */
    private static ImmutableIntArray tokens(GoldenModel golden, CompiledModel first, CompiledModel second)
            throws IOException {
        ModelExpectation expected = ModelExpectation.recorded(golden);
        int[] prompt = expected.prompt().toArray();
        int context = prompt.length + golden.greedy().length();
        int half = golden.greedy().length() / 2;
        ImmutableIntArray.Builder tokens = ImmutableIntArray.builder();
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        int last;
        try (Session session = first.newSession(context)) {
            last = generate(session, likeliest(session.prefill(prompt)), half, tokens);
            session.save(saved);
        }
        try (Session session = second.restoreSession(new ByteArrayInputStream(saved.toByteArray()), context)) {
            assertEquals(prompt.length + half, session.position());
            generate(session, last, golden.greedy().length() - half, tokens);
        }
        return tokens.build();
    }

    /** Adds {@code count} tokens, of which the first is given, and returns the next one. */
    private static int generate(Session session, int given, int count, ImmutableIntArray.Builder tokens) {
        int next = given;
        for (int i = 0; i < count; i++) {
            tokens.add(next);
            next = likeliest(session.decode(next));
        }
        return next;
    }

    private static int likeliest(Tensor logits) {
        return new Sampler(SamplingOptions.GREEDY, (int) logits.shape().elements()).sample(logits);
    }

    private static Stream<GoldenModel> models(Set<String> names) {
        GoldenIndex index = GoldenIndex.read(GoldenData.assumePresent().directory());
        List<GoldenModel> found = new GoldenModels(index)
                .models().stream().filter(m -> names.contains(m.name())).toList();
        assertEquals(names.size(), found.size(), () -> "found " + found);
        return found.stream();
    }
}
