package org.attention4j.cli.inspect;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.attention4j.ModelFiles;
import org.attention4j.ModelLocation;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.state.Storage;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.TensorInfo;

/**
 * Everything that {@code inspect} tells; its components are the JSON result.
 *
 * @param path the file or directory, or {@code builtin:NAME}
 * @param format {@code gguf} or {@code safetensors}
 * @param architecture as the file names it
 * @param name what its author called it
 * @param parameters elements of all tensors
 * @param weightBytes bytes of all tensors in the file
 * @param vocabSize token ids
 * @param hiddenSize entries of a token's hidden state
 * @param contextLength tokens for which the model was trained
 * @param tokenizer how text becomes ids
 * @param tensorTypes how the weights are stored, the most bytes first
 * @param layers first to last
 * @param context the tokens that the states below have room for
 * @param stateBytes bytes of one sequence's states
 * @param plan what the backend makes of the model's ops
 */
public record Inspection(
        String path,
        String format,
        String architecture,
        String name,
        long parameters,
        long weightBytes,
        int vocabSize,
        int hiddenSize,
        int contextLength,
        TokenizerSummary tokenizer,
        List<TensorType> tensorTypes,
        List<Layer> layers,
        int context,
        long stateBytes,
        PlanSummary plan) {

    /** The tensors of one type. */
    public record TensorType(String type, int tensors, long parameters, long bytes) {}

    /** One layer. */
    public record Layer(int index, String mixer, String description, String state, long stateBytes) {}

    /** What the backend does; {@code launches} is null where it does not tell. */
    public record PlanSummary(String backend, String device, List<Choice> choices, Optional<LaunchSummary> launches) {}

    /**
     * Composite ops of one kind that were lowered alike for the same reasons.
     *
     * @param op the ops' name
     * @param lowering what they became
     * @param count how many there are
     * @param first the label of the first of them
     * @param note what the lowering tells about itself, such as in which type weights are kept; mostly empty
     * @param refusals better lowerings that were not taken
     */
    public record Choice(String op, String lowering, int count, String first, String note, List<Refusal> refusals) {}

    /** A lowering that was not taken, and why. */
    public record Refusal(String lowering, String reason) {}

    /**
     * Describes a model: nothing is compiled, and no weight is read. A large vocabulary takes as long as the plan, so a second
     * thread reads it meanwhile.
     *
     * @param options what the caller chooses of the plan
     * @param wantedContext the tokens for which there should be room; without it, as many as the model has when it is opened
     * @throws IllegalArgumentException if the model can't have so many
     * @throws org.attention4j.core.backend.BackendException if the backend can't run the model
     */
    public static Inspection of(ModelFiles files, Backend backend, CompileOptions options, OptionalInt wantedContext) {
        int context = files.contextLength(wantedContext);
        try (ExecutorService second = Executors.newSingleThreadExecutor()) {
            CompletableFuture<TokenizerSummary> tokenizer =
                    CompletableFuture.supplyAsync(() -> TokenizerSummary.of(files), second);
            Plan plan = files.plan(backend, options, context);
            return of(files, tokenizer.join(), plan, backend.storage(), context);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Inspection of(
            ModelFiles files, TokenizerSummary tokenizer, Plan plan, Storage storage, int context) {
        Checkpoint checkpoint = files.checkpoint();
        ModelDefinition definition = files.definition();
        ModelInfo info = definition.info();
        return new Inspection(
                ModelLocation.withNames(checkpoint.path().toString()),
                checkpoint.format(),
                info.architecture(),
                info.name(),
                checkpoint.parameterCount(),
                checkpoint.weightBytes(),
                info.vocabSize(),
                info.hiddenSize(),
                info.contextLength(),
                tokenizer,
                tensorTypes(checkpoint.tensors()),
                layers(definition.layers(), storage, context),
                context,
                definition.stateBytes(context, storage),
                summary(plan, definition.layers()));
    }

    static List<TensorType> tensorTypes(List<TensorInfo> tensors) {
        Map<String, TensorType> types = new LinkedHashMap<>();
        for (TensorInfo t : tensors) {
            types.merge(
                    t.type(),
                    new TensorType(t.type(), 1, t.shape().elements(), t.bytes()),
                    (a, b) -> new TensorType(
                            a.type, a.tensors + b.tensors, a.parameters + b.parameters, a.bytes + b.bytes));
        }
        return types.values().stream()
                .sorted(Comparator.comparingLong(TensorType::bytes).reversed())
                .toList();
    }

    private static List<Layer> layers(List<LayerInfo> infos, Storage storage, int context) {
        return IntStream.range(0, infos.size())
                .mapToObj(i -> new Layer(
                        i,
                        infos.get(i).mixer(),
                        infos.get(i).description(),
                        infos.get(i).state().toString(),
                        infos.get(i).state().bytes(context, storage)))
                .toList();
    }

    private static PlanSummary summary(Plan plan, List<LayerInfo> layers) {
        record Key(String op, String lowering, String note, List<Plan.Refusal> refusals) {}
        Map<Key, Choice> groups = new LinkedHashMap<>();
        for (Plan.Choice c : plan.choices()) {
            List<Refusal> refusals = c.refusals().stream()
                    .map(r -> new Refusal(r.lowering(), r.reason()))
                    .toList();
            groups.merge(
                    new Key(c.op(), c.lowering(), c.note(), c.refusals()),
                    new Choice(c.op(), c.lowering(), 1, c.label(), c.note(), refusals),
                    (a, b) -> new Choice(a.op, a.lowering, a.count + b.count, a.first, a.note, a.refusals));
        }
        return new PlanSummary(
                plan.backend(), plan.device(), List.copyOf(groups.values()), LaunchSummary.of(plan, layers));
    }
}
