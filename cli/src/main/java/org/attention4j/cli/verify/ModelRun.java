package org.attention4j.cli.verify;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.generate.Sampler;
import org.attention4j.core.generate.SamplingOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** One model on one backend, run in the ways that are to be compared. */
final class ModelRun implements AutoCloseable {
    private final CompiledModel model;

    ModelRun(ModelDefinition definition, Backend backend) {
        this.model = CompiledModel.compile(definition, backend, CompileOptions.DEFAULT);
    }

    /** The logits after each token. */
    Tensor score(Feed feed, ImmutableIntArray tokens) {
        try (Session session = model.newSession(tokens.length())) {
            return feed.score(session, tokens.toArray());
        }
    }

    /** The most probable tokens after a prompt, and the logits that they were chosen from. */
    record Greedy(ImmutableIntArray tokens, Tensor logits) {}

    /** Generates {@code count} tokens after a prompt that was given in one of the ways. */
    Greedy greedy(Feed feed, ImmutableIntArray prompt, int count) {
        int vocabSize = model.definition().info().vocabSize();
        int[] tokens = new int[count];
        Tensor all = Tensor.zeros(DType.F32, Shape.of(count, vocabSize));
        long rowBytes = (long) vocabSize * Float.BYTES;
        Sampler sampler = new Sampler(SamplingOptions.GREEDY, vocabSize);
        try (Session session = model.newSession(prompt.length() + count)) {
            Tensor scores = feed.score(session, prompt.toArray());
            Tensor logits = Tensor.of(
                    DType.F32, Shape.of(vocabSize), scores.data().asSlice((prompt.length() - 1) * rowBytes, rowBytes));
            for (int i = 0; i < count; i++) {
                logits = i == 0 ? logits : session.decode(tokens[i - 1]);
                all.data().asSlice(i * rowBytes).copyFrom(logits.data());
                tokens[i] = sampler.sample(logits);
            }
        }
        return new Greedy(ImmutableIntArray.copyOf(tokens), all);
    }

    /** What this gives, as what another backend is to give. */
    ModelExpectation expectation(ModelExpectation recorded, Tolerance tolerance) {
        Greedy greedy =
                greedy(Feed.AT_ONCE, recorded.prompt(), recorded.greedy().length());
        return new ModelExpectation(
                recorded.prompt(),
                recorded.sequence(),
                score(Feed.AT_ONCE, recorded.sequence()),
                greedy.tokens(),
                greedy.logits(),
                tolerance);
    }

    /** Compares logits and greedy tokens in all ways; the largest error is that of the logits. */
    Comparison compare(ModelExpectation expected) {
        double maxError = 0;
        Optional<String> mismatch = Optional.empty();
        for (Feed feed : Feed.values()) {
            Comparison logits = expected.compare(score(feed, expected.sequence()));
            maxError = Math.max(maxError, logits.maxError());
            ImmutableIntArray greedy =
                    greedy(feed, expected.prompt(), expected.greedy().length()).tokens();
            mismatch = mismatch.or(() -> logits.mismatch().map(m -> feed + ": " + m))
                    .or(() -> expected.compareGreedy(greedy).map(m -> feed + ": " + m));
        }
        return new Comparison(maxError, mismatch);
    }

    @Override
    public void close() {
        model.close();
    }
}
