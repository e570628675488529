package org.attention4j;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.core.session.CompiledEncoder;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.SentenceConfig;
import org.attention4j.loaders.UnsupportedModelException;

/**
 * An encoder, ready to turn texts into vectors that are near where meanings are near.
 *
 * <pre>{@code
 * try (EmbeddingModel model = EmbeddingModel.open("path/to/all-MiniLM-L6-v2")) {
 *     float[] vector = model.embed("How do I open a model?");
 * }
 * }</pre>
 *
 * <p>Texts of more tokens than the model takes are cut off, as sentence-transformers does. Thread-safe.
 */
public final class EmbeddingModel implements AutoCloseable {
    /** Texts and padded tokens of one run: more take memory for scores and bring no more speed. */
    private static final int MOST_TEXTS = 32;

    private static final int MOST_TOKENS = 4096;

    private final Resources resources;
    private final ModelFiles files;
    private final CompiledEncoder compiled;
    private final boolean normalize;
    private final int maxTokens;

    private EmbeddingModel(
            Resources resources, ModelFiles files, CompiledEncoder compiled, boolean normalize, int maxTokens) {
        this.resources = resources;
        this.files = files;
        this.compiled = compiled;
        this.normalize = normalize;
        this.maxTokens = maxTokens;
    }

    /**
     * Opens a model on the best backend that is ready.
     *
     * @param file a GGUF file or a directory in the Hugging Face layout
     * @throws org.attention4j.loaders.ModelFormatException if it can't be read, is broken, of an unknown architecture, or no
     *     encoder
     * @throws org.attention4j.core.backend.BackendException if no backend is ready or it can't run the model
     */
    public static EmbeddingModel open(Path file) {
        return new EmbeddingModelBuilder(file.toString()).open();
    }

    /** The same for what users write: a path, or {@code builtin:NAME} for a model on the class path. */
    public static EmbeddingModel open(String location) {
        return new EmbeddingModelBuilder(location).open();
    }

    /** Opens a model with a backend, a pooling or settings of the caller's choice. */
    public static EmbeddingModelBuilder builder(String location) {
        return new EmbeddingModelBuilder(location);
    }

    static EmbeddingModel open(EmbeddingModelBuilder options) {
        Resources resources = new Resources();
        try {
            ModelFiles files = resources.add(options.openFiles(), ModelFiles::close);
            if (!(files.definition() instanceof EncoderModel known)) {
                throw new UnsupportedModelException(
                        files.checkpoint().path(),
                        "the architecture %s tells the next token, expected an encoder, which gives vectors: use generate"
                                .formatted(files.checkpoint().architecture()));
            }
            EncoderModel definition = known.withPooling(options.poolingOr(known.pooling()));
            int maxTokens = files.contextLength(options.maxTokens());
            Backend backend = resources.add(options.createBackend(), Backend::close);
            CompiledEncoder compiled = resources.add(
                    CompiledEncoder.compile(definition, backend, CompileOptions.DEFAULT), CompiledEncoder::close);
            boolean normalize = options.normalize(SentenceConfig.of(files.checkpoint()));
            return new EmbeddingModel(resources, files, compiled, normalize, maxTokens);
        } catch (RuntimeException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    /** A text as a vector of {@link #dimension()} entries. */
    public float[] embed(String text) {
        return embedAll(ImmutableList.of(text)).getFirst().vector();
    }

    /** Texts as vectors, in the same order; quicker than one after the other. */
    public List<TextEmbedding> embedAll(List<String> texts) {
        List<int[]> all = texts.stream().map(this::encode).toList();
        List<int[]> kept = all.stream().map(this::truncated).toList();
        BitSet truncated = new BitSet();
        for (int i = 0; i < all.size(); i++) {
            truncated.set(i, kept.get(i).length < all.get(i).length);
        }
        return embed(kept, truncated);
    }

    /**
     * The same for texts that are token ids already, with what the model expects around them.
     *
     * @throws IllegalArgumentException if one is empty or longer than the model can read, or an id is outside the vocabulary
     */
    public List<TextEmbedding> embedTokens(List<int[]> texts) {
        return embed(texts, new BitSet());
    }

    /**
     * A vector for each token of a text, special ones among them: {@code [tokens][dimension]}, neither pooled nor normalised.
     */
    public float[][] embedEachToken(String text) {
        int[] ids = truncated(encode(text));
        float[] hidden = compiled.encode(ids).hidden().toFloatArray();
        float[][] rows = new float[ids.length][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(hidden, i * dimension(), (i + 1) * dimension()));
        return rows;
    }

    /** How many entries the vectors have. */
    public int dimension() {
        return compiled.definition().info().hiddenSize();
    }

    /** How the vectors of tokens become one. */
    public Pooling pooling() {
        return compiled.definition().pooling();
    }

    /** Whether vectors get the Euclidean length 1. */
    public boolean normalizes() {
        return normalize;
    }

    /** How many tokens of a text are read, special ones among them. */
    public int maxTokens() {
        return maxTokens;
    }

    /**
     * The model's tokenizer.
     *
     * @throws org.attention4j.loaders.ModelFormatException if the model has none, or it is broken or another model's
     */
    public Tokenizer tokenizer() {
        return files.tokenizer();
    }

    /** The model as its backend compiled it. */
    public CompiledEncoder compiled() {
        return compiled;
    }

    /** The model's files. */
    public Checkpoint checkpoint() {
        return files.checkpoint();
    }

    @Override
    public void close() {
        resources.close();
    }

    private int[] encode(String text) {
        return tokenizer().encode(text, EncodeOptions.PROMPT);
    }

    /** The beginning of a text that is too long; the special token that ends it, if there is one, still does. */
    private int[] truncated(int[] ids) {
        if (ids.length <= maxTokens) {
            return ids;
        }
        int[] kept = Arrays.copyOf(ids, maxTokens);
        int last = ids[ids.length - 1];
        if (tokenizer().isSpecial(last)) {
            kept[maxTokens - 1] = last;
        }
        return kept;
    }

    private List<TextEmbedding> embed(List<int[]> texts, BitSet truncated) {
        TextEmbedding[] out = new TextEmbedding[texts.size()];
        List<Integer> byLength = IntStream.range(0, out.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length))
                .toList();
        int start = 0;
        while (start < out.length) {
            int end = endOfRun(texts, byLength, start);
            List<Integer> chosen = byLength.subList(start, end);
            float[] pooled = compiled.encode(chosen.stream().map(texts::get).toArray(int[][]::new))
                    .pooled()
                    .toFloatArray();
            for (int row = 0; row < chosen.size(); row++) {
                int text = chosen.get(row);
                float[] vector = Arrays.copyOfRange(pooled, row * dimension(), (row + 1) * dimension());
                out[text] = new TextEmbedding(finished(vector), texts.get(text).length, truncated.get(text));
            }
            start = end;
        }
        return List.of(out);
    }

    /** As many texts as one run takes; all are padded to the length of the last of them. */
    private static int endOfRun(List<int[]> texts, List<Integer> byLength, int start) {
        int end = start + 1;
        while (end < byLength.size()
                && end - start < MOST_TEXTS
                && (end - start + 1) * (long) texts.get(byLength.get(end)).length <= MOST_TOKENS) {
            end++;
        }
        return end;
    }

    private float[] finished(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        if (normalize && squares > 0) {
            double length = Math.sqrt(squares);
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) (vector[i] / length);
            }
        }
        return vector;
    }
}
