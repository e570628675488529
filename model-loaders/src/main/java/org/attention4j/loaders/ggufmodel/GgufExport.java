package org.attention4j.loaders.ggufmodel;

import static org.attention4j.loaders.ModelFormatException.quote;

import com.google.common.collect.ImmutableSortedMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.loaders.chat.ChatTemplates;
import org.attention4j.loaders.gguf.GgufDraft;
import org.attention4j.loaders.gguf.GgufFamily;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.tokenizer.GgufVocabulary;

/**
 * Writes models of any format as GGUF files with their tokenizers and chat templates. A model whose architecture llama.cpp knows, but
 * which computes something that such a file can't tell, is refused. GGUF files themselves get matrices of another type.
 */
public final class GgufExport {
    private static final String GGUF = "gguf";
    private static final Pattern PART = Pattern.compile("-\\d{5}-of-\\d{5}\\.gguf$");
    private static final String FILE_TYPE = "general.file_type";

    private final GgufWriter writer;
    private final List<String> remarks;
    private final Path out;

    private GgufExport(GgufWriter writer, List<String> remarks, Path out) {
        this.writer = writer;
        this.remarks = List.copyOf(remarks);
        this.out = out;
    }

    /** What writes models of these architectures; those of GGUF files may be any. */
    public static ImmutableSortedMap<String, GgufFamily> families() {
        ImmutableSortedMap.Builder<String, GgufFamily> all = ImmutableSortedMap.naturalOrder();
        for (GgufFamily family : ServiceLoader.load(GgufFamily.class, GgufExport.class.getClassLoader())) {
            family.architectures().forEach(name -> all.put(name, family));
        }
        return all.buildOrThrow();
    }

    /**
     * Finds out what a file will hold, without reading weights.
     *
     * @param checkpoint must stay open until the file is written
     * @param definition what is in {@code checkpoint}
     * @param matrices the type of matrices: {@code F32}, {@code F16}, {@code Q8_0} or {@code Q4_0}; vectors and what else llama.cpp
     *     keeps so are {@code F32}, and matrices whose rows blocks don't divide {@code F16}
     * @param out the file
     * @throws UnsupportedModelException if GGUF can't tell what the model computes, saying what
     * @throws org.attention4j.loaders.ModelFormatException if the tokenizer can't be told
     * @throws IllegalArgumentException if {@code out} is the model itself, or the type is none of these
     * @throws IOException if files can't be compared
     */
    public static GgufExport prepare(Checkpoint checkpoint, ModelDefinition definition, DType matrices, Path out)
            throws IOException {
        int fileType = fileType(matrices);
        requireOther(checkpoint.path(), out);
        List<String> remarks = new ArrayList<>();
        GgufWriter writer = checkpoint.format().equals(GGUF)
                ? copied(checkpoint, matrices)
                : translated(checkpoint, definition, matrices, remarks);
        writer.uint32(FILE_TYPE, fileType);
        return new GgufExport(writer, remarks, out);
    }

    /** What to know of the file, a sentence each: that llama.cpp refuses sizes that it states, say. */
    public List<String> remarks() {
        return remarks;
    }

    /**
     * Writes the file, tensor by tensor, in a folder that is made if need be. A file of that name is replaced when the new one is
     * complete.
     *
     * @throws org.attention4j.loaders.ModelFormatException if a number is too large for its type
     * @throws IOException if the file can't be written
     */
    public void write() throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        writer.write(out);
    }

    /** Requires that {@code out} is neither the model nor one of the parts that it is split into. */
    private static void requireOther(Path in, Path out) throws IOException {
        boolean same = Files.isRegularFile(in) && Files.exists(out) && Files.isSameFile(in, out);
        if (same || (PART.matcher(out.toString()).find() && whole(in).equals(whole(out)))) {
            throw new IllegalArgumentException(out + ": this is the model to convert, expected another file");
        }
    }

    private static Path whole(Path part) {
        return Path.of(
                PART.matcher(part.toAbsolutePath().normalize().toString()).replaceFirst(""));
    }

    private static GgufWriter translated(
            Checkpoint checkpoint, ModelDefinition definition, DType matrices, List<String> remarks) {
        Map<String, GgufFamily> known = families();
        GgufFamily family = known.get(checkpoint.architecture());
        if (family == null || !(definition instanceof DecoderModel model)) {
            throw new UnsupportedModelException(
                    checkpoint.path(),
                    "as GGUF: the architecture %s is not one of those that are known here in both formats: %s"
                            .formatted(quote(checkpoint.architecture()), String.join(", ", known.keySet())));
        }
        GgufDraft draft = new GgufDraft(checkpoint, model, family.nameInGguf(checkpoint));
        family.describe(draft);
        remarks.addAll(draft.remarks());
        GgufWriter writer = draft.writer()
                .string("general.type", "model")
                .string("general.name", model.info().name())
                .uint32("general.quantization_version", 2);
        GgufVocabulary.write(checkpoint, model.info().vocabSize(), writer);
        ChatTemplates.of(checkpoint)
                .byName()
                .forEach((name, template) -> writer.string(
                        name.equals("default") ? "tokenizer.chat_template" : "tokenizer.chat_template." + name,
                        template));
        draft.tensors().forEach((name, tensor) -> add(writer, checkpoint, name, tensor, matrices));
        return writer;
    }

    private static GgufWriter copied(Checkpoint checkpoint, DType matrices) {
        GgufWriter writer = new GgufWriter();
        for (String key : checkpoint.metadata().keys()) {
            if (!key.equals(FILE_TYPE) && !key.startsWith("split.") && !key.equals("general.alignment")) {
                writer.value(key, checkpoint.metadata().find(key).orElseThrow());
            }
        }
        for (TensorInfo info : checkpoint.tensors()) {
            add(writer, checkpoint, info.name(), checkpoint.tensor(info.name()), matrices);
        }
        return writer;
    }

    private static void add(GgufWriter writer, Checkpoint checkpoint, String name, Tensor tensor, DType matrices) {
        DType own = tensor.dtype();
        boolean isWeight = own.isFloat() || own.isQuantized();
        DType type = isWeight ? TensorTypes.of(name, tensor.shape(), matrices) : own;
        writer.tensor(name, type, tensor.shape(), new EncodedTensor(checkpoint.path(), name, tensor, type));
    }

    /** llama.cpp's number for what most matrices are. */
    private static int fileType(DType matrices) {
        return switch (matrices) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            default ->
                throw new IllegalArgumentException(
                        "gguf: the matrices' type is %s, expected F32, F16, Q8_0 or Q4_0".formatted(matrices));
        };
    }
}
