package org.attention4j.onnx.rglru;

import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomDecoder;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;

/** The decay and the input's share of an RG-LRU belong together, however near to 1 or 0 the decay is. */
class RgLruDecaysTest {
    private static final int HIDDEN = 16;
    private static final int WIDTH = 12;

    /** Log decays of −10⁻¹⁰ to −10⁻⁴, −5 and −2 · 10⁴ at most. */
    private static final Tensor RATES =
            Tensor.f32(Shape.of(WIDTH), -25, -22, -20, -18.5f, -17.5f, -16, -14, -12, -10, 0, 10, 2500);

    private static final int[] TOKENS = IntStream.range(0, 1000)
            .map(i -> (i * i + i / 7) % RandomDecoder.VOCAB)
            .toArray();

    @Test
    void float32KeepsWhatDecaysNearOneLetIn() {
        DecoderModel random = RandomDecoder.of(HIDDEN, new RgLruMixer(HIDDEN, WIDTH, 2, 4, Activation.GELU_TANH));
        DecoderModel model = new DecoderModel(
                random.info(),
                name -> name.endsWith("recurrent_param")
                        ? Optional.of(RATES)
                        : random.weights().find(name),
                random.embed(),
                random.decoderLayers(),
                random.head());
        // A thousand roundings of the state, each of 2^-24 of it.
        Compare.assertClose("logits", score("reference", model), score("onnx", model), new Tolerance(1e-4, 1e-4));
    }

    private static Tensor score(String name, DecoderModel definition) {
        try (Backend backend = Backends.create(name, BackendOptions.DEFAULT);
                CompiledModel model = CompiledModel.compile(definition, backend, CompileOptions.DEFAULT);
                Session session = model.newSession(TOKENS.length)) {
            return session.score(TOKENS);
        }
    }
}
