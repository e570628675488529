"""Causal softmax attention with rotary positions: MHA, GQA, MQA, sliding windows, windows that keep the first tokens."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from model import rotate


@dataclass(frozen=True)
class AttentionConfig:
    """`window` tokens are seen, a token itself among them (0: all); the first `sinks` tokens always are."""

    width: int = 128
    heads: int = 4
    kv_heads: int = 4
    window: int = 0
    sinks: int = 0
    theta: float = 10000.0

    @property
    def head_dim(self):
        return self.width // self.heads


class Attention(nn.Module):
    """Parameter names are Llama's."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        inner, shared = config.heads * config.head_dim, config.kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.width, inner, bias=False)
        self.k_proj = nn.Linear(config.width, shared, bias=False)
        self.v_proj = nn.Linear(config.width, shared, bias=False)
        self.o_proj = nn.Linear(inner, config.width, bias=False)

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = (
            projected.view(batch, length, -1, self.config.head_dim).transpose(1, 2)
            for projected in (self.q_proj(x), self.k_proj(x), self.v_proj(x))
        )
        positions = torch.arange(length)
        group = self.config.heads // self.config.kv_heads
        values = v.repeat_interleave(group, dim=1)
        if self.config.sinks:
            y = self._with_sinks(q, k.repeat_interleave(group, dim=1), values, positions)
        else:
            q, k = self._rotated(q, positions), self._rotated(k, positions).repeat_interleave(group, dim=1)
            mask = self._window(positions) if self.config.window else None
            y = F.scaled_dot_product_attention(q, k, values, attn_mask=mask, is_causal=mask is None)
        return self.o_proj(y.transpose(1, 2).reshape(batch, length, -1))

    def _rotated(self, x, positions):
        half = torch.arange(0, self.config.head_dim, 2) / self.config.head_dim
        angles = positions[:, None] * self.config.theta ** -half[None, :]
        angles = torch.cat((angles, angles), dim=-1)
        return rotate(x, angles.cos(), angles.sin())

    def _window(self, positions):
        """Which keys [query, key] are among the last `window`."""
        back = positions[:, None] - positions[None, :]
        return (back >= 0) & (back < self.config.window)

    def _with_sinks(self, q, k, values, positions):
        """StreamingLLM (Xiao et al., 2023): outside the window the first tokens stay visible.

        A token's rotary position is its place in the cache, so what a query sees of the first tokens is at most
        `sinks + window - 1` back; within the window distances are the true ones.
        """
        first = self.config.sinks
        keys, near = self._rotated(k, positions), self._rotated(q, positions)
        far = self._rotated(q, positions.clamp(max=first + self.config.window - 1))
        scores = torch.cat((far @ keys[:, :, :first].transpose(2, 3), near @ keys[:, :, first:].transpose(2, 3)), dim=3)
        back = positions[:, None] - positions[None, :]
        visible = (back >= 0) & ((back < self.config.window) | (positions < first))
        scores = (scores * self.config.head_dim**-0.5).masked_fill(~visible, -torch.inf)
        return scores.softmax(dim=-1) @ values
