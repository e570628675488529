"""How each family of variants is written: Hugging Face's `config.json` and names of tensors, by the layouts of transformers and
flash-linear-attention."""
import re

LAYER = r"layers\.(\d+)\."


def renamed(name, rules):
    """The first rule (pattern, replacement) that matches the whole name."""
    for pattern, replacement in rules:
        if re.fullmatch(pattern, name):
            return re.sub(pattern, replacement, name)
    raise KeyError(f"no name for {name}")


LLAMA = (
    (r"embed\.weight", "model.embed_tokens.weight"),
    (r"norm\.weight", "model.norm.weight"),
    (LAYER + r"mixer_norm\.(.*)", r"model.layers.\1.input_layernorm.\2"),
    (LAYER + r"mixer\.(.*)", r"model.layers.\1.self_attn.\2"),
    (LAYER + r"mlp_norm\.(.*)", r"model.layers.\1.post_attention_layernorm.\2"),
    (LAYER + r"mlp\.(.*)", r"model.layers.\1.mlp.\2"),
)
MAMBA = (
    (r"embed\.weight", "backbone.embeddings.weight"),
    (r"norm\.weight", "backbone.norm_f.weight"),
    (LAYER + r"mixer_norm\.(.*)", r"backbone.layers.\1.norm.\2"),
    (LAYER + r"mixer\.(.*)", r"backbone.layers.\1.mixer.\2"),
)
BAMBA = (
    (r"embed\.weight", "model.embed_tokens.weight"),
    (r"norm\.weight", "model.final_layernorm.weight"),
    (LAYER + r"mixer_norm\.(.*)", r"model.layers.\1.input_layernorm.\2"),
    (LAYER + r"mixer\.([qkvo]_proj.*)", r"model.layers.\1.self_attn.\2"),
    (LAYER + r"mixer\.(.*)", r"model.layers.\1.mamba.\2"),
    (LAYER + r"mlp_norm\.(.*)", r"model.layers.\1.pre_ff_layernorm.\2"),
    (LAYER + r"mlp\.(.*)", r"model.layers.\1.feed_forward.\2"),
)
FLA = (
    (r"embed\.weight", "model.embeddings.weight"),
    (r"embed_norm\.(.*)", r"model.layers.0.pre_norm.\1"),
    (r"norm\.(.*)", r"model.norm.\1"),
    (LAYER + r"mixer_norm\.(.*)", r"model.layers.\1.attn_norm.\2"),
    (LAYER + r"mixer\.(.*)", r"model.layers.\1.attn.\2"),
    (LAYER + r"mlp_norm\.(.*)", r"model.layers.\1.ffn_norm.\2"),
    (LAYER + r"mlp\.(.*)", r"model.layers.\1.ffn.\2"),
)
FLA_LLAMA = tuple((p, r.replace("ffn", "mlp")) for p, r in FLA)
NAMES = {
    "llama": LLAMA, "mistral": LLAMA, "mamba": MAMBA, "mamba2": MAMBA, "bamba": BAMBA,
    "rwkv7": FLA, "gla": FLA_LLAMA, "gated_deltanet": FLA_LLAMA,
}
CLASSES = {
    "llama": "LlamaForCausalLM", "mistral": "MistralForCausalLM", "mamba": "MambaForCausalLM",
    "mamba2": "Mamba2ForCausalLM", "bamba": "BambaForCausalLM", "rwkv7": "RWKV7ForCausalLM",
    "gla": "GLAForCausalLM", "gated_deltanet": "GatedDeltaNetForCausalLM",
}


def attention(c):
    heads = dict(num_attention_heads=c.heads, num_key_value_heads=c.kv_heads, head_dim=c.head_dim)
    return dict(heads, rope_theta=c.theta, attention_bias=False)


def llama(c, inner):
    return dict(attention(c), intermediate_size=inner, hidden_act="silu", rms_norm_eps=1e-5, mlp_bias=False)


def mistral(c, inner):
    sinks = dict(attention_sink_size=c.sinks) if c.sinks else {}
    return dict(llama(c, inner), sliding_window=c.window, **sinks)


def mamba(c, inner):
    return dict(
        intermediate_size=c.inner, state_size=c.state, conv_kernel=c.kernel, time_step_rank=c.rank, expand=c.inner // c.width,
        hidden_act="silu", layer_norm_epsilon=1e-5, use_bias=False, use_conv_bias=True,
    )


def mamba2(c, inner):
    return dict(
        num_heads=c.heads, head_dim=c.inner // c.heads, state_size=c.state, n_groups=c.groups, conv_kernel=c.kernel,
        expand=c.inner // c.width, hidden_act="silu", layer_norm_epsilon=c.eps, rms_norm=True, use_bias=False,
        use_conv_bias=True, time_step_limit=[0.0, float("inf")],
    )


def bamba(c, inner):
    recurrent, softmax = c
    return dict(
        attention(softmax), attn_layer_indices=[2], partial_rotary_factor=1.0, intermediate_size=inner, hidden_act="silu",
        rms_norm_eps=1e-5, mlp_bias=False, mamba_n_heads=recurrent.heads, mamba_d_head=recurrent.inner // recurrent.heads,
        mamba_d_state=recurrent.state, mamba_d_conv=recurrent.kernel, mamba_expand=recurrent.inner / recurrent.width,
        mamba_n_groups=recurrent.groups, mamba_conv_bias=True, mamba_proj_bias=False,
    )


def rwkv7(c, inner):
    return dict(
        head_dim=c.width // c.heads, num_heads=c.heads, intermediate_size=c.inner, hidden_act="sqrelu", norm_eps=1e-5,
        norm_bias=True, norm_first=True, decay_low_rank_dim=c.rank, a_low_rank_dim=c.rank, v_low_rank_dim=c.rank,
        gate_low_rank_dim=c.gate_rank, value_dim=[c.width] * c.layers, attn=None, attn_mode="chunk",
    )


def gla(c, inner):
    return dict(
        num_heads=c.heads, expand_k=1, expand_v=1, use_short_conv=True, conv_size=c.kernel, use_output_gate=True,
        clamp_min=None, hidden_act="swish", intermediate_size=inner, norm_eps=c.eps, attn=None, attn_mode="chunk",
    )


def gated_deltanet(c, inner):
    return dict(
        num_heads=c.heads, head_dim=c.width // c.heads, expand_v=1, use_short_conv=True, conv_size=c.kernel, use_gate=True,
        hidden_act="swish", intermediate_size=inner, norm_eps=c.eps, attn=None, attn_mode="chunk",
    )


CONFIGS = {f.__name__: f for f in (llama, mistral, mamba, mamba2, bamba, rwkv7, gla, gated_deltanet)}
