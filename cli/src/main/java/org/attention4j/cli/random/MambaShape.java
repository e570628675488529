package org.attention4j.cli.random;

import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.gguf.GgufWriter;

/**
 * The sizes of a Mamba or Mamba-2 model. Its inner size is twice the hidden size, its convolutions see four tokens.
 *
 * @param version 1 or 2
 * @param hiddenSize entries of a token's hidden state
 * @param numLayers layers
 * @param stateSize entries of the state of a channel
 * @param timeStepRank of Mamba, the rank of the time step's projection; of Mamba-2, the number of heads
 * @param numGroups of Mamba-2, the heads' groups with B and C of their own
 * @param vocabSize token ids
 */
record MambaShape(
        int version, int hiddenSize, int numLayers, int stateSize, int timeStepRank, int numGroups, int vocabSize)
        implements RandomShape {
    private static final int KERNEL = 4;
    private static final int CONTEXT_LENGTH = 1 << 20;

    /** The logarithm of a time step of about 0.02. */
    private static final double TIME_STEP_BIAS = -4;

    /** Of Mamba. */
    static MambaShape first(int hiddenSize, int numLayers, int stateSize, int timeStepRank, int vocabSize) {
        return new MambaShape(1, hiddenSize, numLayers, stateSize, timeStepRank, 1, vocabSize);
    }

    /** Of Mamba-2. */
    static MambaShape second(int hiddenSize, int numLayers, int stateSize, int numHeads, int numGroups, int vocabSize) {
        return new MambaShape(2, hiddenSize, numLayers, stateSize, numHeads, numGroups, vocabSize);
    }

    private int innerSize() {
        return 2 * hiddenSize;
    }

    @Override
    public RandomGguf random(DType dtype, long seed) {
        RandomGguf model = new RandomGguf(dtype, seed);
        model.requireBlocks("d", hiddenSize);
        hyperparameters(model);
        model.matrix("token_embd", vocabSize, hiddenSize);
        for (int i = 0; i < numLayers; i++) {
            String layer = "blk." + i + ".";
            model.norm(layer + "attn_norm", hiddenSize, false);
            if (version == 1) {
                first(model, layer);
            } else {
                second(model, layer);
            }
            model.matrix(layer + "ssm_out", hiddenSize, innerSize());
        }
        model.norm("output_norm", hiddenSize, false);
        return model;
    }

    private void hyperparameters(RandomGguf model) {
        String architecture = version == 1 ? "mamba" : "mamba2";
        model.general(architecture, numLayers, hiddenSize, vocabSize);
        GgufWriter metadata = model.metadata();
        metadata.uint32(architecture + ".context_length", CONTEXT_LENGTH)
                .uint32(architecture + ".feed_forward_length", 0)
                .uint32(architecture + ".attention.head_count", 0)
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5)
                .uint32(architecture + ".ssm.conv_kernel", KERNEL)
                .uint32(architecture + ".ssm.inner_size", innerSize())
                .uint32(architecture + ".ssm.state_size", stateSize)
                .uint32(architecture + ".ssm.time_step_rank", timeStepRank);
        if (version == 2) {
            metadata.uint32(architecture + ".ssm.group_count", numGroups);
        }
    }

    private void first(RandomGguf model, String layer) {
        model.matrix(layer + "ssm_in", 2L * innerSize(), hiddenSize);
        convolution(model, layer, innerSize());
        model.matrix(layer + "ssm_x", timeStepRank + 2L * stateSize, innerSize());
        model.matrix(layer + "ssm_dt", innerSize(), timeStepRank);
        model.filled(layer + "ssm_dt.bias", TIME_STEP_BIAS, innerSize());
        float[] a = new float[innerSize() * stateSize];
        for (int i = 0; i < a.length; i++) {
            a[i] = -(1 + i % stateSize);
        }
        model.tensor(layer + "ssm_a", a, innerSize(), stateSize);
        model.filled(layer + "ssm_d", 1, innerSize());
    }

    private void second(RandomGguf model, String layer) {
        int channels = innerSize() + 2 * numGroups * stateSize;
        model.matrix(layer + "ssm_in", innerSize() + channels + timeStepRank, hiddenSize);
        convolution(model, layer, channels);
        model.filled(layer + "ssm_dt.bias", TIME_STEP_BIAS, timeStepRank);
        float[] a = new float[timeStepRank];
        for (int i = 0; i < a.length; i++) {
            a[i] = -(1 + i);
        }
        model.tensor(layer + "ssm_a", a, timeStepRank, 1);
        model.filled(layer + "ssm_d", 1, timeStepRank, 1);
        model.filled(layer + "ssm_norm.weight", 1, numGroups, innerSize() / numGroups);
    }

    private static void convolution(RandomGguf model, String layer, int channels) {
        model.random(layer + "ssm_conv1d", DType.F32, channels, KERNEL);
        model.filled(layer + "ssm_conv1d.bias", 0, channels);
    }
}
