package org.attention4j.loaders.ggufmodel;

import java.util.regex.Pattern;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/** In which types tensors are written: as llama.cpp's converter and quantiser choose, with {@code F32} for all that is small. */
final class TensorTypes {
    /** Matrices that llama.cpp reads as {@code F32} only, or that lose more by rounding than they take up. */
    private static final Pattern KEPT =
            Pattern.compile(".*(_norm|ffn_gate_inp(_shexp)?|ssm_conv1d|shortconv\\.conv|position_embd"
                    + "|token_types|time_mix_(first|decay_w[12]|[wavg][012]|lerp_.*)|channel_mix_lerp_.*)\\.weight");

    private TensorTypes() {}

    /**
     * The type of a tensor.
     *
     * @param name in the file
     * @param matrices the type wanted of matrices; {@code F16} takes its place where its blocks don't divide a row
     */
    static DType of(String name, Shape shape, DType matrices) {
        if (shape.rank() < 2 || !name.endsWith(".weight") || KEPT.matcher(name).matches()) {
            return DType.F32;
        }
        return shape.dim(-1) % matrices.blockSize() == 0 ? matrices : DType.F16;
    }
}
