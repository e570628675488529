package org.attention4j.loaders;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * A model as it lies on disk: its configuration, its metadata and its tensors by name. Opening one maps its files into
 * memory and reads their headers; weights are touched when something computes with them.
 *
 * <p>Tensors, {@link #config()} and {@link #metadata()} are views of the mapped files, valid until {@link #close()}; reading
 * one later throws {@code IllegalStateException}. A checkpoint is immutable and thread-safe.
 */
public interface Checkpoint extends AutoCloseable {
    /** The file format, for example {@code gguf} or {@code safetensors}. */
    String format();

    /** The file or directory that was opened. */
    Path path();

    /** The file or directory beside or in which what belongs to the model besides its weights lies, such as its tokenizer. */
    default Path home() {
        return path();
    }

    /**
     * The architecture as the file names it: {@code general.architecture} of a GGUF file, {@code model_type} of a
     * {@code config.json}, for example {@code llama} or {@code qwen3}.
     */
    String architecture();

    /** Whose conventions the values of the weights follow. */
    WeightLayout layout();

    /**
     * The model's hyperparameters under the names that Hugging Face configurations use ({@code num_attention_heads},
     * {@code hidden_size}, {@code rope_parameters.rope_theta}, …), whatever the file calls them.
     */
    Config config();

    /** The file's own key-value pairs under their own names, for example {@code tokenizer.ggml.tokens}. */
    Config metadata();

    /** All tensors under the names that the files give them, in the order of the files. */
    List<TensorInfo> tensors();

    /**
     * Whether there is a tensor of this name. As in {@link #tensor}, a name is either the Hugging Face name
     * ({@code model.layers.0.self_attn.q_proj.weight}), which is translated where the format has other names, or the name in
     * the file.
     */
    boolean hasTensor(String name);

    /**
     * A read-only view of a tensor in the mapped file.
     *
     * @throws ModelFormatException if there is no such tensor or its type is not supported
     */
    Tensor tensor(String name);

    /**
     * A tensor of the shape that the architecture requires.
     *
     * @throws ModelFormatException if there is no such tensor, its type is not supported or its shape is another one
     */
    default Tensor tensor(String name, long... expectedDims) {
        Tensor tensor = tensor(name);
        if (!Arrays.equals(tensor.shape().dims(), expectedDims)) {
            throw new ModelFormatException(
                    path(),
                    "tensor %s has shape %s, expected %s"
                            .formatted(ModelFormatException.quote(name), tensor.shape(), Shape.of(expectedDims)));
        }
        return tensor;
    }

    /** The number of weights: the elements of all tensors. */
    default long parameterCount() {
        return tensors().stream().mapToLong(t -> t.shape().elements()).sum();
    }

    /** The bytes that all tensors take in the files. */
    default long weightBytes() {
        return tensors().stream().mapToLong(TensorInfo::bytes).sum();
    }

    /** Unmaps the files. */
    @Override
    void close();
}
