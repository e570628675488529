package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.SamplingOptions;
import org.attention4j.core.generate.TokenStream;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal seeds generate equal tokens on every backend, whether it gives all logits or finds the largest itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class GenerationLaws {
    private static final int HIDDEN = 16;
    private static final int TOKENS = 24;
    private static final int[] PROMPT = {3, 1, 4, 1, 5};

    /** The backend under test. It is not closed by the laws. */
    protected abstract Backend backend();

    Stream<SamplingOptions> samplings() {
        SamplingOptions hot = SamplingOptions.GREEDY.withTemperature(1.3).withSeed(11);
        return Stream.of(
                SamplingOptions.GREEDY,
                SamplingOptions.GREEDY.withRepetitionPenalty(1.5, 8),
                hot,
                hot.withTopK(1),
                hot.withTopK(7),
                hot.withTopK(7).withTopP(0.6),
                hot.withTopK(9).withMinP(0.2),
                hot.withTopK(1000),
                hot.withTopP(0.7));
    }

    @ParameterizedTest
    @MethodSource("samplings")
    void tokensAreThoseOfTheReference(SamplingOptions sampling) {
        AttentionSpec spec = AttentionSpec.causal(4, 2, 8);
        DecoderModel model = RandomDecoder.of(HIDDEN, new AttentionMixer(AttentionConfig.of(HIDDEN, spec)));
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT)) {
            // Of all tokens, and as if the tokenizer had fewer than the model.
            for (int vocabSize : new int[] {RandomDecoder.VOCAB, RandomDecoder.VOCAB - 9}) {
                assertEquals(
                        generate(reference, model, sampling, vocabSize),
                        generate(backend(), model, sampling, vocabSize));
            }
        }
    }

    private static ImmutableList<Integer> generate(
            Backend backend, DecoderModel model, SamplingOptions sampling, int vocabSize) {
        GenerationOptions options =
                GenerationOptions.DEFAULT.withMaxTokens(TOKENS).withSampling(sampling);
        try (CompiledModel compiled = CompiledModel.compile(model, backend, CompileOptions.DEFAULT);
                Session session = compiled.newSession(PROMPT.length + TOKENS)) {
            return ImmutableList.copyOf(TokenStream.start(session, PROMPT, options, Set.of(), vocabSize));
        }
    }
}
