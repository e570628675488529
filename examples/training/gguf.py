"""Writes a model as GGUF version 3, as llama.cpp lays out a Llama.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""
import struct

import numpy as np

from model import arrays

NAMES = {
    "embed_tokens": "token_embd",
    "norm": "output_norm",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
ALIGNMENT = 32


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value_bytes(kind, value):
    """The bytes of one metadata value without its type."""
    if kind == STRING:
        return string(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def entry(key, kind, value):
    """One metadata pair; a list becomes an array of `kind`."""
    if isinstance(value, list):
        body = struct.pack("<IIQ", ARRAY, kind, len(value)) + b"".join(value_bytes(kind, v) for v in value)
    else:
        body = struct.pack("<I", kind) + value_bytes(kind, value)
    return string(key) + body


def metadata_of(c, tokenizer):
    """The metadata entries, each as bytes."""
    special = (tokenizer.bos, tokenizer.eos)
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.name", STRING, "attention4j stories"),
        entry("general.license", STRING, "apache-2.0"),
        entry("general.file_type", UINT32, 1),  # mostly F16
        entry("llama.vocab_size", UINT32, c.vocab_size),
        entry("llama.context_length", UINT32, c.max_position_embeddings),
        entry("llama.embedding_length", UINT32, c.hidden_size),
        entry("llama.block_count", UINT32, c.num_hidden_layers),
        entry("llama.feed_forward_length", UINT32, c.intermediate_size),
        entry("llama.attention.head_count", UINT32, c.num_attention_heads),
        entry("llama.attention.head_count_kv", UINT32, c.num_key_value_heads),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, c.rms_norm_eps),
        entry("llama.rope.dimension_count", UINT32, c.head_dim),
        entry("llama.rope.freq_base", FLOAT32, c.rope_theta),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, "gpt-2"),
        entry("tokenizer.ggml.tokens", STRING, tokenizer.tokens),
        # 1: normal, 3: control
        entry("tokenizer.ggml.token_type", INT32, [3 if i in special else 1 for i in range(c.vocab_size)]),
        entry("tokenizer.ggml.merges", STRING, [f"{a} {b}" for a, b in tokenizer.merges]),
        entry("tokenizer.ggml.bos_token_id", UINT32, tokenizer.bos),
        entry("tokenizer.ggml.eos_token_id", UINT32, tokenizer.eos),
        entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_eos_token", BOOL, False),
    ]


def tensor_name(name):
    """`layers.0.self_attn.q_proj.weight` to `blk.0.attn_q.weight`."""
    if not name.startswith("layers."):
        return NAMES[name.removesuffix(".weight")] + ".weight"
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def interleave(weight, heads):
    """Reorders each head's rows from (first half, second half) to pairs, the rotary layout of GGUF's llama."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def tensors_of(model):
    """(name, array) in GGUF's names and rotary layout."""
    for name, array in arrays(model):
        if name.endswith("q_proj.weight"):
            array = interleave(array, model.config.num_attention_heads)
        if name.endswith("k_proj.weight"):
            array = interleave(array, model.config.num_key_value_heads)
        yield tensor_name(name), array


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


def write(model, tokenizer, path):
    """Writes the file: header, metadata, tensor infos, then the tensors, each aligned."""
    metadata = metadata_of(model.config, tokenizer)
    infos, blobs, offset = [], [], 0
    for name, array in tensors_of(model):
        dims = struct.pack(f"<I{array.ndim}Q", array.ndim, *reversed(array.shape))
        kind = 1 if array.dtype == np.float16 else 0
        infos.append(string(name) + dims + struct.pack("<IQ", kind, offset))
        blobs.append(padded(array.tobytes()))
        offset += len(blobs[-1])
    header = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(metadata))
    path.write_bytes(padded(header + b"".join(metadata) + b"".join(infos)) + b"".join(blobs))
