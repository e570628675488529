"""Writes a model as a Hugging Face style folder, and reads it back."""
import json
import struct

import numpy as np
import torch

from model import Config, Llama, arrays
from tokenizer import BOS, EOS


def write_safetensors(named, path):
    """Writes arrays (name, array) as a safetensors file: the length of a JSON header, the header, the tensors."""
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, array in named:
        end = offset + array.nbytes
        dtype = "F16" if array.dtype == np.float16 else "F32"
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, end]}
        blobs.append(array.tobytes())
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read_safetensors(path):
    """The tensors of a safetensors file by name, in single precision."""
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, info in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, end = info["data_offsets"]
            dtype = {"F16": np.float16, "F32": np.float32}[info["dtype"]]
            flat = np.frombuffer(data[start + first : start + end], dtype)
            tensors[name] = flat.reshape(info["shape"]).astype(np.float32)
    return tensors


def config_of(c, tokenizer):
    """Hugging Face's `config.json`."""
    return dict(
        architectures=["LlamaForCausalLM"],
        model_type="llama",
        vocab_size=c.vocab_size,
        hidden_size=c.hidden_size,
        intermediate_size=c.intermediate_size,
        num_hidden_layers=c.num_hidden_layers,
        num_attention_heads=c.num_attention_heads,
        num_key_value_heads=c.num_key_value_heads,
        head_dim=c.head_dim,
        max_position_embeddings=c.max_position_embeddings,
        rms_norm_eps=c.rms_norm_eps,
        rope_theta=c.rope_theta,
        hidden_act="silu",
        tie_word_embeddings=True,
        attention_bias=False,
        mlp_bias=False,
        bos_token_id=tokenizer.bos,
        eos_token_id=tokenizer.eos,
        torch_dtype="float16",
    )


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write(model, tokenizer, folder):
    """Writes config, weights and tokenizer of the story model."""
    named = ((f"model.{name}", array) for name, array in arrays(model))
    write_folder(folder, named, config_of(model.config, tokenizer), tokenizer, model.config.max_position_embeddings)


def write_folder(folder, named, config, tokenizer, length):
    """Writes config, weights and tokenizer as Hugging Face lays them out; `length` is the longest text."""
    folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(named, folder / "model.safetensors")
    write_json(folder / "config.json", config)
    write_json(folder / "tokenizer.json", tokenizer.to_json())
    write_json(
        folder / "tokenizer_config.json",
        dict(bos_token=BOS, eos_token=EOS, tokenizer_class="PreTrainedTokenizerFast", model_max_length=length),
    )
    ids = dict(bos_token_id=tokenizer.bos, eos_token_id=tokenizer.eos)
    write_json(folder / "generation_config.json", dict(ids, do_sample=False))


def load(folder):
    """The torch model of a folder written by `write`."""
    config = json.loads((folder / "config.json").read_text())
    model = Llama(Config(**{key: config[key] for key in Config.__dataclass_fields__}))
    tensors = read_safetensors(folder / "model.safetensors")
    model.load_state_dict({name.removeprefix("model."): torch.from_numpy(x) for name, x in tensors.items()})
    return model.eval()
