#!/usr/bin/env python3
"""Reads both exports back with its own readers and its own forward pass in numpy, and compares them with torch.

    python3 check_export.py STORIES.gguf HF_DIR

It checks that both files hold the same weights, that logits agree with the torch model's over a whole prompt, that
the greedy texts are equal, and that the tokenizer's metadata agree. When the `tokenizers` package is there, its
reading of `tokenizer.json` must give the same ids.
"""
import struct
import sys
from pathlib import Path

import numpy as np
import torch

import gguf
import huggingface
from tokenizer import Tokenizer

PROMPTS = (
    "Once upon a time there was a kind girl named Lily.",
    "Tom put the red ball under the bed. Mia put the blue cup in the garden."
    " Question: Where did Tom put the red ball? Answer:",
    "Mia saw a small fox near the river.\nQuestion: What did Mia see?\nAnswer:",
)
TEXTS = PROMPTS + ("  two spaces, ünïcödé 日本 😀 it's 12 o'clock!?\n\n\tend  ", "")


class GgufFile:
    """A reader for the parts of GGUF that the exports use."""

    FORMATS = {4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q"}

    def __init__(self, data):
        self.data, self.at = data, 4
        assert data[:4] == b"GGUF" and self.take("<I") == 3
        tensors, entries = self.take("<Q"), self.take("<Q")
        self.metadata = {self.string(): self.value(self.take("<I")) for _ in range(entries)}
        infos = [self.info() for _ in range(tensors)]
        start = (self.at + 31) // 32 * 32
        self.tensors = {name: self.tensor(shape, kind, start + offset) for name, shape, kind, offset in infos}

    def take(self, layout):
        (value,) = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return value

    def string(self):
        length = self.take("<Q")
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def value(self, kind):
        if kind == 9:
            element, count = self.take("<I"), self.take("<Q")
            return [self.value(element) for _ in range(count)]
        return self.string() if kind == 8 else self.take(self.FORMATS[kind])

    def info(self):
        name = self.string()
        shape = [self.take("<Q") for _ in range(self.take("<I"))]
        return name, shape[::-1], self.take("<I"), self.take("<Q")

    def tensor(self, shape, kind, start):
        dtype = {0: np.float32, 1: np.float16}[kind]
        return np.frombuffer(self.data, dtype, int(np.prod(shape)), start).reshape(shape).astype(np.float64)


def norm(x, weight, eps):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * weight


def rope(x, theta, interleaved):
    """Rotates x [seq, heads, head_dim]; pairs are neighbours when interleaved, else half a head apart."""
    length, _, size = x.shape
    angles = np.arange(length)[:, None, None] * theta ** (-np.arange(0, size, 2) / size)
    turn = np.exp(1j * angles)
    if interleaved:
        y = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
        return np.stack((y.real, y.imag), -1).reshape(x.shape)
    y = (x[..., : size // 2] + 1j * x[..., size // 2 :]) * turn
    return np.concatenate((y.real, y.imag), -1)


def forward(weights, shape, ids, interleaved):
    """Logits [seq, vocab] of GGUF-named weights, in double precision."""
    layers, heads, kv_heads, eps, theta = shape
    x = weights["token_embd.weight"][ids]
    future = np.triu(np.full((len(ids), len(ids)), -np.inf), 1)
    for i in range(layers):
        w = {key.split(".")[2]: value for key, value in weights.items() if key.startswith(f"blk.{i}.")}
        h = norm(x, w["attn_norm"], eps)
        q = rope((h @ w["attn_q"].T).reshape(len(ids), heads, -1), theta, interleaved)
        k = rope((h @ w["attn_k"].T).reshape(len(ids), kv_heads, -1), theta, interleaved)
        v = (h @ w["attn_v"].T).reshape(len(ids), kv_heads, -1)
        k, v = (np.repeat(y, heads // kv_heads, axis=1) for y in (k, v))
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(q.shape[-1]) + future
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        x = x + np.einsum("hqk,khd->qhd", scores, v).reshape(len(ids), -1) @ w["attn_output"].T
        h = norm(x, w["ffn_norm"], eps)
        gate = h @ w["ffn_gate"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w["ffn_up"].T)) @ w["ffn_down"].T
    return norm(x, weights["output_norm.weight"], eps) @ weights["token_embd.weight"].T


def greedy(logits_of, ids, stop, count=40):
    """Greedy continuation that recomputes the whole sequence for each token."""
    ids, out = list(ids), []
    while len(out) < count:
        token = int(logits_of(ids)[-1].argmax())
        if token == stop:
            break
        ids.append(token)
        out.append(token)
    return out


def compare(file, folder):
    """Runs all checks; an assertion fails at the first difference."""
    model, tokenizer = huggingface.load(folder), Tokenizer.load(folder / "tokenizer.json")
    meta = file.metadata
    shape = (
        meta["llama.block_count"],
        meta["llama.attention.head_count"],
        meta["llama.attention.head_count_kv"],
        meta["llama.attention.layer_norm_rms_epsilon"],
        meta["llama.rope.freq_base"],
    )
    hf = huggingface.read_safetensors(folder / "model.safetensors")
    hf = {gguf.tensor_name(name.removeprefix("model.")): value.astype(np.float64) for name, value in hf.items()}
    assert file.tensors.keys() == hf.keys()
    for name in hf:
        if "attn_q" not in name and "attn_k" not in name:
            assert np.array_equal(file.tensors[name], hf[name]), name
    assert meta["tokenizer.ggml.tokens"] == tokenizer.tokens
    assert meta["tokenizer.ggml.merges"] == [f"{a} {b}" for a, b in tokenizer.merges]
    assert (meta["tokenizer.ggml.bos_token_id"], meta["tokenizer.ggml.eos_token_id"]) == (tokenizer.bos, tokenizer.eos)

    for prompt in PROMPTS:
        ids = [tokenizer.bos] + tokenizer.encode(prompt)
        from_gguf = lambda ids: forward(file.tensors, shape, ids, interleaved=True)
        from_hf = lambda ids: forward(hf, shape, ids, interleaved=False)
        with torch.no_grad():
            expected = model(torch.tensor([ids]))[0].numpy()
        differences = [np.abs(logits(ids) - expected).max() for logits in (from_gguf, from_hf)]
        assert max(differences) < 1e-3, differences
        texts = [greedy(logits, ids, tokenizer.eos) for logits in (from_gguf, from_hf)]
        assert texts[0] == texts[1] == model.generate(ids, 40, {tokenizer.eos})
        print(f"logits differ by {differences[0]:.1e} (GGUF), {differences[1]:.1e} (safetensors)")
        print(f"  {prompt}|{tokenizer.decode(texts[0])}")


def compare_tokenizer(folder):
    """Compares with the `tokenizers` package, which reads `tokenizer.json` on its own."""
    try:
        import tokenizers
    except ImportError:
        print("tokenizers package not installed: its reading of tokenizer.json not compared")
        return
    other = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    ours = Tokenizer.load(folder / "tokenizer.json")
    for text in TEXTS:
        ids = other.encode(text).ids
        assert ids == [ours.bos] + ours.encode(text), text
        assert other.decode(ids) == ours.decode(ids) == text
    print(f"tokenizers {tokenizers.__version__} agrees on {len(TEXTS)} texts")


def main():
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for exported in (path, folder / "model.safetensors"):
        size = exported.stat().st_size
        assert size <= 2_000_000, f"{exported} is larger than 2 MB: {size:,} bytes"
        print(f"{exported.name}: {size:,} bytes")
    compare(GgufFile(path.read_bytes()), folder)
    compare_tokenizer(folder)


if __name__ == "__main__":
    main()
