package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.attention4j.EmbeddingModel;
import org.attention4j.EmbeddingModelBuilder;
import org.attention4j.ModelFiles;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Finds which texts are near to the first one. With {@code --model}, an encoder such as MiniLM or BGE, vectors are what it is made
 * for, and one call each. No encoder is embedded, so without one a small graph of three steps makes vectors from the embedded
 * model's table of tokens: look up, mean, length 1. They know which words are alike, and nothing of their order.
 */
@AutoService(Sample.class)
public final class EmbedText implements Sample {
    private static final List<String> TEXTS = List.of(
            "Lily lost her kite near the river.",
            "Tom lost his ball by the lake.",
            "They drank tea and told stories.",
            "The hen danced with joy.");

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public String description() {
        return "turns texts into vectors and tells which are near to the first one";
    }

    @Override
    public String options() {
        return "[--model ENCODER] [--backend NAME] [TEXT...]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        List<String> texts = arguments.words().isEmpty() ? TEXTS : arguments.words();
        if (arguments.option("model").isEmpty()) {
            out.println("without --model ENCODER: means of the token embeddings of builtin:stories");
        }
        List<float[]> vectors = arguments
                .option("model")
                .map(location -> encode(arguments, location, texts))
                .orElseGet(() -> average(arguments, texts));
        out.printf(
                Locale.ROOT,
                "%d vectors of %d entries; cosine with: %s%n",
                texts.size(),
                vectors.getFirst().length,
                texts.getFirst());
        IntStream.range(1, texts.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -cosine(vectors.getFirst(), vectors.get(i))))
                .forEach(i -> out.printf(
                        Locale.ROOT, "%6.3f  %s%n", cosine(vectors.getFirst(), vectors.get(i)), texts.get(i)));
    }

    private static List<float[]> encode(Arguments arguments, String location, List<String> texts) {
        EmbeddingModelBuilder builder = EmbeddingModel.builder(location);
        arguments.option("backend").ifPresent(builder::backend);
        try (EmbeddingModel model = builder.open()) {
            return texts.stream().map(model::embed).toList();
        }
    }

    private static List<float[]> average(Arguments arguments, List<String> texts) {
        try (ModelFiles files = ModelFiles.open("builtin:stories");
                Backend backend = arguments.backend()) {
            GraphBuilder b = new GraphBuilder("mean_of_tokens");
            Value tokens = b.input("tokens", TensorType.of(DType.I64, Dim.of(1), Dims.SEQ));
            String name = "model.embed_tokens.weight";
            Value table = b.weight(name, files.checkpoint().tensor(name));
            Value mean = b.reduce(ReduceKind.MEAN, b.apply(new Embedding(), tokens, table), false, 1);
            Value length = b.unary(UnaryKind.SQRT, b.reduce(ReduceKind.SUM, b.mul(mean, mean), true, 1));
            b.result("vector", b.div(mean, length));
            try (CompiledGraph graph = backend.compile(b.build(), CompileOptions.DEFAULT)) {
                Tokenizer tokenizer = files.tokenizer();
                return texts.stream()
                        .map(text -> vector(graph, tokenizer, text))
                        .toList();
            }
        }
    }

    private static float[] vector(CompiledGraph graph, Tokenizer tokenizer, String text) {
        long[] ids = IntStream.of(tokenizer.encode(text, EncodeOptions.TEXT))
                .asLongStream()
                .toArray();
        Tensor tokens = Tensor.i64(Shape.of(1, ids.length), ids);
        return graph.run(ImmutableMap.of("tokens", tokens))
                .values()
                .iterator()
                .next()
                .toFloatArray();
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double lengths = 0;
        double others = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            lengths += a[i] * a[i];
            others += b[i] * b[i];
        }
        return product / Math.sqrt(lengths * others);
    }

    static void main(String[] args) throws IOException {
        Samples.main(new EmbedText(), args);
    }
}
