package org.attention4j;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.GenerationResult;
import org.attention4j.core.generate.GenerationStatistics;
import org.attention4j.core.generate.TextChunk;
import org.attention4j.core.generate.TextStream;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.chat.ChatTemplate;
import org.attention4j.loaders.chat.ChatTemplates;

/**
 * A language model, ready to generate text.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open("builtin:stories")) {
 *     System.out.println(model.generate("Once upon a time"));
 * }
 * }</pre>
 *
 * <p>Thread-safe: every generation has a session of its own. Close the streams and sessions that a model gave before the model;
 * closing it frees everything that it opened.
 */
public final class LanguageModel implements AutoCloseable {
    private final Resources resources;
    private final ModelFiles files;
    private final CompiledModel compiled;
    private final int contextLength;

    private LanguageModel(Resources resources, ModelFiles files, CompiledModel compiled, int contextLength) {
        this.resources = resources;
        this.files = files;
        this.compiled = compiled;
        this.contextLength = contextLength;
    }

    /**
     * Opens a model on the best backend that is ready.
     *
     * @param file a GGUF file or a directory in the Hugging Face layout
     * @throws org.attention4j.loaders.ModelFormatException if it can't be read, or is broken or of an unknown architecture
     * @throws org.attention4j.core.backend.BackendException if no backend is ready or it can't run the model
     */
    public static LanguageModel open(Path file) {
        return new LanguageModelBuilder(file.toString()).open();
    }

    /** The same for what users write: a path, or {@code builtin:NAME} for a model on the class path. */
    public static LanguageModel open(String location) {
        return new LanguageModelBuilder(location).open();
    }

    /** Opens a model with a backend, a context length or settings of the caller's choice. */
    public static LanguageModelBuilder builder(String location) {
        return new LanguageModelBuilder(location);
    }

    static LanguageModel open(LanguageModelBuilder options) {
        Resources resources = new Resources();
        try {
            ModelFiles files = resources.add(options.openFiles(), ModelFiles::close);
            if (files.definition().kind() != ModelDefinition.Kind.DECODER) {
                throw new UnsupportedModelException(
                        files.checkpoint().path(),
                        "the architecture %s is an encoder: it gives vectors and can't generate text; use embed"
                                .formatted(files.checkpoint().architecture()));
            }
            int contextLength = files.contextLength(options.contextLength());
            Backend backend = resources.add(options.createBackend(), Backend::close);
            CompiledModel compiled = resources.add(
                    CompiledModel.compile(files.definition(), backend, options.compileOptions()), CompiledModel::close);
            return new LanguageModel(resources, files, compiled, contextLength);
        } catch (RuntimeException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    /** The most probable continuation of a prompt. */
    public String generate(String prompt) {
        return generate(prompt, GenerationOptions.DEFAULT).text();
    }

    /**
     * Continues a prompt.
     *
     * @throws IllegalArgumentException if the prompt has no tokens or more than the context length
     */
    public GenerationResult generate(String prompt, GenerationOptions options) {
        try (TextStream stream = stream(prompt, options)) {
            return stream.readAll();
        }
    }

    /**
     * Continues a prompt and hands over each piece as soon as it is certain.
     *
     * @throws IllegalArgumentException as {@link #generate(String, GenerationOptions)}
     */
    public GenerationStatistics stream(String prompt, GenerationOptions options, Consumer<TextChunk> consumer) {
        try (TextStream stream = stream(prompt, options)) {
            stream.forEachRemaining(consumer);
            return stream.statistics();
        }
    }

    /**
     * Continues a prompt as far as the caller reads; {@link TextStream#stream()} makes it a {@code java.util.stream.Stream}.
     * Close it.
     *
     * @throws IllegalArgumentException as {@link #generate(String, GenerationOptions)}
     */
    public TextStream stream(String prompt, GenerationOptions options) {
        Tokenizer known = tokenizer();
        Session session = newSession();
        try {
            return TextStream.start(session, known, prompt, options).onClose(session::close);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * How probable the model finds a text, token by token. The first token of all has nothing before it and is not counted: it is
     * the one that begins a sequence, if the model has such a token, else the text's own first.
     *
     * @throws IllegalArgumentException if no token is left to be counted, or the text is longer than the context
     */
    public TextScore score(String text) {
        return score(tokenizer().encode(text, EncodeOptions.PROMPT), 1);
    }

    /**
     * How probable the model finds a continuation behind a prompt, for example one of several answers to a question. Counted are
     * the tokens of the whole text behind those with which the prompt alone begins too: where a continuation changes the last
     * token of its prompt, as letters without a space do, that one as well.
     *
     * @throws IllegalArgumentException if no token is left to be counted, or both are longer than the context
     */
    public TextScore score(String prompt, String continuation) {
        int[] before = tokenizer().encode(prompt, EncodeOptions.PROMPT);
        int[] all = tokenizer().encode(prompt + continuation, EncodeOptions.PROMPT);
        int differs = Arrays.mismatch(before, all);
        return score(all, Math.max(1, differs < 0 ? all.length : differs));
    }

    private TextScore score(int[] ids, int first) {
        try (Session session = newSession()) {
            return Scoring.score(session, ids, first);
        }
    }

    /**
     * A new conversation with the model's chat template.
     *
     * @throws org.attention4j.loaders.chat.ChatTemplateException if the model has none, or it is wrong
     */
    public ChatSession newChat() {
        return newChat(ChatOptions.DEFAULT);
    }

    /**
     * A new conversation.
     *
     * @throws org.attention4j.loaders.chat.ChatTemplateException if there is no chat template, or it is wrong
     * @throws org.attention4j.loaders.ModelFormatException if the template's file can't be read
     */
    public ChatSession newChat(ChatOptions options) {
        ChatTemplates own = chatTemplates();
        ChatTemplates templates = options.templateFile().map(own::withFile).orElse(own);
        ChatTemplate template = templates.select(!options.tools().isEmpty());
        return new ChatSession(newSession(), tokenizer(), template, options);
    }

    /** The chat templates that come with the model; there may be none. */
    public ChatTemplates chatTemplates() {
        return ChatTemplates.of(files.checkpoint());
    }

    /** A new sequence, to be fed by tokens, kept between prompts, forked or saved. Close it. */
    public Session newSession() {
        return compiled.newSession(contextLength);
    }

    /**
     * The model's tokenizer.
     *
     * @throws org.attention4j.loaders.ModelFormatException if the model has none, or it is broken or another model's
     */
    public Tokenizer tokenizer() {
        return files.tokenizer();
    }

    /** How many tokens prompt and continuation may have together. */
    public int contextLength() {
        return contextLength;
    }

    /** The model's sizes and layers. */
    public ModelDefinition definition() {
        return compiled.definition();
    }

    /** The model as its backend compiled it. */
    public CompiledModel compiled() {
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
}
