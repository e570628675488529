package org.attention4j.core.mixer.attention;

import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.state.Retention;

/**
 * An attention layer.
 *
 * @param hiddenSize entries of a token's hidden state
 * @param spec heads, mask and scores
 * @param rope the rotation of queries and keys, if there is one
 * @param qkNorm the norm of queries and keys, if there is one
 * @param alibi the linear bias of the scores, if there is one
 * @param qkvBias whether {@code q_proj k_proj v_proj} have a bias
 * @param outBias whether {@code o_proj} has a bias
 * @param sinkLogits whether the model has learned sink logits, {@code sinks}
 * @param cross whether keys and values come from the context's memory
 * @param clipQkv the largest magnitude that projected queries, keys and values keep (MPT, DBRX), or 0: any
 * @param sharesLayer the earlier layer whose cache this one reads instead of having its own
 * @param outputGate whether what {@code o_proj} gets is multiplied by {@code σ(g_proj x)} (Qwen3-Next)
 */
public record AttentionConfig(
        int hiddenSize,
        AttentionSpec spec,
        Optional<RopeConfig> rope,
        Optional<QkNorm> qkNorm,
        Optional<Alibi> alibi,
        boolean qkvBias,
        boolean outBias,
        boolean sinkLogits,
        boolean cross,
        double clipQkv,
        OptionalInt sharesLayer,
        boolean outputGate) {
    public AttentionConfig {
        if (cross && spec.causal()) {
            throw new IllegalArgumentException("attention: cross-attention is not causal");
        }
        if (sharesLayer.isPresent() && (cross || !spec.causal())) {
            throw new IllegalArgumentException("attention: only causal self-attention can share a cache");
        }
        if (!(clipQkv >= 0)) {
            throw new IllegalArgumentException("attention: clipQkv is %s, expected at least 0".formatted(clipQkv));
        }
        if (rope.isPresent() && rope.get().rotaryDim() > spec.headDim()) {
            throw new IllegalArgumentException("attention: rotaryDim %d is more than headDim %d"
                    .formatted(rope.get().rotaryDim(), spec.headDim()));
        }
    }

    /** Attention with nothing but its projections. */
    public static AttentionConfig of(int hiddenSize, AttentionSpec spec) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                0,
                OptionalInt.empty(),
                false);
    }

    /** The same with a window, or without one if it is 0. */
    public AttentionConfig withWindow(int size) {
        return new AttentionConfig(
                hiddenSize,
                spec.withWindow(size),
                rope,
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same with a window of {@code size} tokens outside which the first {@code sinks} tokens stay visible. */
    public AttentionConfig withSinks(int sinks, int size) {
        return new AttentionConfig(
                hiddenSize,
                spec.withSinks(sinks, size),
                rope,
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same with rotary embeddings. */
    public AttentionConfig withRope(RopeConfig value) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                Optional.of(value),
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same with normalised queries and keys. */
    public AttentionConfig withQkNorm(QkNorm value) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                rope,
                Optional.of(value),
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same with ALiBi as published. */
    public AttentionConfig withAlibi() {
        return withAlibi(Alibi.PUBLISHED);
    }

    /** The same with ALiBi. */
    public AttentionConfig withAlibi(Alibi value) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                rope,
                qkNorm,
                Optional.of(value),
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same with biases of the input and output projections. */
    public AttentionConfig withBias(boolean qkv, boolean out) {
        return new AttentionConfig(
                hiddenSize, spec, rope, qkNorm, alibi, qkv, out, sinkLogits, cross, clipQkv, sharesLayer, outputGate);
    }

    /** The same with learned sink logits. */
    public AttentionConfig withSinkLogits() {
        return new AttentionConfig(
                hiddenSize, spec, rope, qkNorm, alibi, qkvBias, outBias, true, cross, clipQkv, sharesLayer, outputGate);
    }

    /** The same with clipped queries, keys and values, or without if it is 0. */
    public AttentionConfig withClipQkv(double limit) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                rope,
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                limit,
                sharesLayer,
                outputGate);
    }

    /** The same with a gate of the output. */
    public AttentionConfig withOutputGate() {
        return new AttentionConfig(
                hiddenSize, spec, rope, qkNorm, alibi, qkvBias, outBias, sinkLogits, cross, clipQkv, sharesLayer, true);
    }

    /** The same with keys and values from the context's memory. */
    public AttentionConfig withMemory() {
        return new AttentionConfig(
                hiddenSize,
                spec,
                rope,
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                true,
                clipQkv,
                sharesLayer,
                outputGate);
    }

    /** The same, reading the cache of an earlier layer. */
    public AttentionConfig sharing(int layer) {
        return new AttentionConfig(
                hiddenSize,
                spec,
                rope,
                qkNorm,
                alibi,
                qkvBias,
                outBias,
                sinkLogits,
                cross,
                clipQkv,
                OptionalInt.of(layer),
                outputGate);
    }

    /**
     * What the layer's cache keeps. With sink tokens a query sees the sinks, the kept window and itself, so one token less than
     * the window is kept (StreamingLLM evicts after the step).
     */
    public Retention retention() {
        if (spec.window() == 0) {
            return new Retention.All();
        }
        return spec.sinkTokens() > 0
                ? new Retention.SinksAndWindow(spec.sinkTokens(), Math.max(1, spec.window() - 1))
                : new Retention.Window(spec.window());
    }
}
