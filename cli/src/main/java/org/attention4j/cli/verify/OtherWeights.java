package org.attention4j.cli.verify;

import java.util.Optional;
import java.util.Random;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataLocation;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * A model with random numbers in place of weights that are one number throughout, as generated tests have them: with these, sums
 * of many equal products cancel, and what is left of the results is rounding.
 */
final class OtherWeights {
    private static final long SEED = 29;

    private OtherWeights() {}

    /** The model with other weights; empty if it has no such weights. */
    static Optional<ModelProto> of(ModelProto model) {
        ModelProto.Builder out = model.toBuilder();
        Random random = new Random(SEED);
        boolean changed = false;
        for (int i = 0; i < model.getGraph().getInitializerCount(); i++) {
            TensorProto t = model.getGraph().getInitializer(i);
            if (isOneNumber(t)) {
                out.getGraphBuilder().setInitializer(i, other(t, random));
                changed = true;
            }
        }
        return changed ? Optional.of(out.build()) : Optional.empty();
    }

    private static boolean isOneNumber(TensorProto t) {
        if (t.getDataType() != DataType.FLOAT_VALUE
                || t.getDataLocation() == DataLocation.EXTERNAL
                || elements(t) < 2) {
            return false;
        }
        if (t.getRawData().isEmpty()) {
            return t.getFloatDataList().stream().distinct().count() == 1;
        }
        byte[] raw = t.getRawData().toByteArray();
        for (int i = Float.BYTES; i < raw.length; i++) {
            if (raw[i] != raw[i - Float.BYTES]) {
                return false;
            }
        }
        return true;
    }

    /** Of the size that random inputs have, too: matrices keep the size of what they multiply. */
    private static TensorProto other(TensorProto t, Random random) {
        TensorProto.Builder out = t.toBuilder().clearRawData().clearFloatData();
        double size = t.getDimsCount() == 2 ? 1 / Math.sqrt((double) t.getDims(0)) : 0.5;
        for (long i = 0; i < elements(t); i++) {
            out.addFloatData((float) (random.nextGaussian() * size));
        }
        return out.build();
    }

    private static long elements(TensorProto t) {
        return t.getDimsList().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
}
