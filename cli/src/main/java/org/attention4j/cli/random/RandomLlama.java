package org.attention4j.cli.random;

import org.attention4j.core.tensor.DType;

/** Writes the tensors of llama models, and of those with experts in place of MLPs. */
record RandomLlama(LlamaShape shape, RandomGguf model) {
    void add() {
        hyperparameters(model, "llama", shape);
        long d = shape.hiddenSize();
        long kv = (long) shape.numKvHeads() * shape.headDim();
        long ff = shape.intermediateSize();
        model.matrix("token_embd", shape.vocabSize(), d);
        for (int i = 0; i < shape.numLayers(); i++) {
            String layer = "blk." + i + ".";
            norm(layer + "attn_norm");
            model.matrix(layer + "attn_q", d, d);
            model.matrix(layer + "attn_k", kv, d);
            model.matrix(layer + "attn_v", kv, d);
            model.matrix(layer + "attn_output", d, d);
            norm(layer + "ffn_norm");
            if (shape.numExperts() > 0) {
                experts(layer, shape.numExperts(), ff, d);
            } else {
                model.matrix(layer + "ffn_gate", ff, d);
                model.matrix(layer + "ffn_up", ff, d);
                model.matrix(layer + "ffn_down", d, ff);
            }
        }
        norm("output_norm");
    }

    /** What GGUF files of llama models say, and of others that are built like them. */
    static void hyperparameters(RandomGguf model, String architecture, LlamaShape shape) {
        model.general(architecture, shape.numLayers(), shape.hiddenSize(), shape.vocabSize());
        model.metadata()
                .uint32(architecture + ".context_length", shape.contextLength())
                .uint32(architecture + ".feed_forward_length", shape.intermediateSize())
                .uint32(architecture + ".attention.head_count", shape.numHeads())
                .uint32(architecture + ".attention.head_count_kv", shape.numKvHeads())
                .float32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5)
                .uint32(architecture + ".rope.dimension_count", shape.headDim())
                .float32(architecture + ".rope.freq_base", shape.ropeTheta());
        if (shape.numExperts() > 0) {
            model.metadata()
                    .uint32(architecture + ".expert_count", shape.numExperts())
                    .uint32(architecture + ".expert_used_count", shape.numChosen());
        }
    }

    private void experts(String layer, long count, long ff, long d) {
        model.random(layer + "ffn_gate_inp", DType.F32, count, d);
        model.matrix(layer + "ffn_gate_exps", count, ff, d);
        model.matrix(layer + "ffn_up_exps", count, ff, d);
        model.matrix(layer + "ffn_down_exps", count, d, ff);
    }

    private void norm(String name) {
        model.norm(name, shape.hiddenSize(), false);
    }
}
