"""Gated linear attention (Yang et al., 2023, arXiv:2312.06635) with short convolutions, as flash-linear-attention has it."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.convolution import ShortConvolution
from mixers.recurrence import LEAST, recurrence


@dataclass(frozen=True)
class GlaConfig:
    """`rank` of the forget gate and its temperature are those of the paper."""

    width: int = 128
    heads: int = 2
    kernel: int = 4
    rank: int = 8
    temperature: int = 16
    eps: float = 1e-5


class GatedNorm(nn.Module):
    """RMS norm of each head's entries, times silu(gate)."""

    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x, gate):
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps) * F.silu(gate)


class GatedLinearAttention(nn.Module):
    """Keys and values are as wide as the hidden state."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width = config.width
        self.q_proj, self.k_proj, self.v_proj, self.g_proj, self.o_proj = (
            nn.Linear(width, width, bias=False) for _ in range(5)
        )
        self.gk_proj = nn.Sequential(nn.Linear(width, config.rank, bias=False), nn.Linear(config.rank, width))
        self.q_conv1d, self.k_conv1d, self.v_conv1d = (ShortConvolution(width, config.kernel) for _ in range(3))
        self.g_norm_swish_gate = GatedNorm(width // config.heads, config.eps)

    def initialise(self):
        """Forgets little at first: a sigmoid of 2 to 6, so half-lives of 90 to 4,500 tokens."""
        nn.init.uniform_(self.gk_proj[1].bias, 2.0, 6.0)

    def forward(self, x):
        heads = lambda y: y.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)
        q, k, v = (
            heads(convolution(project(x)))
            for project, convolution in (
                (self.q_proj, self.q_conv1d), (self.k_proj, self.k_conv1d), (self.v_proj, self.v_conv1d)
            )
        )
        decay = (F.logsigmoid(heads(self.gk_proj(x))) / self.config.temperature).clamp(min=LEAST)
        y = recurrence(q * q.shape[-1] ** -0.5, k, v, decay)
        y = self.g_norm_swish_gate(y, heads(self.g_proj(x)))
        return self.o_proj(y.transpose(1, 2).flatten(2))
