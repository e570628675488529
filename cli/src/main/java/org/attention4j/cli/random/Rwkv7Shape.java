package org.attention4j.cli.random;

import org.attention4j.core.tensor.DType;

/**
 * The sizes of an RWKV-7 model.
 *
 * @param hiddenSize entries of a token's hidden state
 * @param numLayers layers
 * @param intermediateSize rows of the channel mixing's inner matrix
 * @param headSize entries of a head
 * @param ranks of the low-rank parts
 * @param vocabSize token ids
 */
record Rwkv7Shape(int hiddenSize, int numLayers, int intermediateSize, int headSize, Ranks ranks, int vocabSize)
        implements RandomShape {
    private static final int CONTEXT_LENGTH = 1 << 20;
    private static final int MIXED_INPUTS = 6;

    /** Ranks of what makes the decay, the in-context learning rate, the value residual's weight, and the gate. */
    record Ranks(int decay, int learningRate, int valueResidual, int gate) {}

    @Override
    public RandomGguf random(DType dtype, long seed) {
        RandomGguf model = new RandomGguf(dtype, seed);
        model.requireBlocks("d", hiddenSize);
        model.requireBlocks("ff", intermediateSize);
        hyperparameters(model);
        model.matrix("token_embd", vocabSize, hiddenSize);
        model.norm("token_embd_norm", hiddenSize, true);
        for (int i = 0; i < numLayers; i++) {
            String layer = "blk." + i + ".";
            model.norm(layer + "attn_norm", hiddenSize, true);
            model.norm(layer + "attn_norm_2", hiddenSize, true);
            timeMix(model, layer, i == 0);
            model.filled(layer + "channel_mix_lerp_k.weight", 0.5, 1, 1, hiddenSize);
            model.matrix(layer + "channel_mix_key", intermediateSize, hiddenSize);
            model.matrix(layer + "channel_mix_value", hiddenSize, intermediateSize);
        }
        model.norm("output_norm", hiddenSize, true);
        model.matrix("output", vocabSize, hiddenSize);
        return model;
    }

    private void hyperparameters(RandomGguf model) {
        model.general("rwkv7", numLayers, hiddenSize, vocabSize);
        model.metadata()
                .uint32("rwkv7.context_length", CONTEXT_LENGTH)
                .uint32("rwkv7.feed_forward_length", intermediateSize)
                .uint32("rwkv7.attention.head_count", 0)
                .float32("rwkv7.attention.layer_norm_epsilon", 1e-5)
                .uint32("rwkv7.wkv.head_size", headSize)
                .uint32("rwkv7.attention.decay_lora_rank", ranks.decay)
                .uint32("rwkv7.attention.iclr_lora_rank", ranks.learningRate)
                .uint32("rwkv7.attention.value_residual_mix_lora_rank", ranks.valueResidual)
                .uint32("rwkv7.attention.gate_lora_rank", ranks.gate);
    }

    private void timeMix(RandomGguf model, String layer, boolean isFirst) {
        String mix = layer + "time_mix_";
        lowRank(model, mix + "w", ranks.decay);
        lowRank(model, mix + "a", ranks.learningRate);
        // llama.cpp's converter writes the learning rate's matrices in place of those that the first layer does not
        // have.
        lowRank(model, mix + "v", isFirst ? ranks.learningRate : ranks.valueResidual);
        factors(model, mix + "g", ranks.gate);
        model.filled(mix + "lerp_fused.weight", 0.5, MIXED_INPUTS, 1, 1, hiddenSize);
        model.filled(mix + "k_k.weight", 0.5, hiddenSize);
        model.filled(mix + "k_a.weight", 1, hiddenSize);
        model.filled(mix + "r_k.weight", 0, hiddenSize);
        for (String matrix : new String[] {"key", "value", "receptance", "output"}) {
            model.matrix(mix + matrix, hiddenSize, hiddenSize);
        }
        model.norm(mix + "ln", hiddenSize, true);
    }

    private void lowRank(RandomGguf model, String name, int rank) {
        model.filled(name + "0.weight", 0, hiddenSize);
        factors(model, name, rank);
    }

    /** The pair of small matrices, which llama.cpp's quantiser leaves in {@code F16}. */
    private void factors(RandomGguf model, String name, int rank) {
        model.random(name + "1", DType.F16, rank, hiddenSize);
        model.random(name + "2", DType.F16, hiddenSize, rank);
    }
}
