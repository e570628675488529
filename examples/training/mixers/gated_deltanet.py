"""Gated DeltaNet (Yang, Kautz, Hatamizadeh, 2024, arXiv:2412.06464) as flash-linear-attention has it."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.convolution import ShortConvolution
from mixers.gla import GatedNorm
from mixers.mamba import inverse_softplus
from mixers.recurrence import recurrence


@dataclass(frozen=True)
class GatedDeltaNetConfig:
    """Keys and values are as wide as the hidden state."""

    width: int = 128
    heads: int = 2
    kernel: int = 4
    eps: float = 1e-5


class GatedDeltaNet(nn.Module):
    """A head forgets a part of all, then replaces what it knows of a key by the share beta."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width = config.width
        self.q_proj, self.k_proj, self.v_proj, self.g_proj, self.o_proj = (
            nn.Linear(width, width, bias=False) for _ in range(5)
        )
        self.a_proj, self.b_proj = (nn.Linear(width, config.heads, bias=False) for _ in range(2))
        self.q_conv1d, self.k_conv1d, self.v_conv1d = (ShortConvolution(width, config.kernel) for _ in range(3))
        self.A_log = nn.Parameter(torch.empty(config.heads))
        self.dt_bias = nn.Parameter(torch.empty(config.heads))
        self.o_norm = GatedNorm(width // config.heads, config.eps)

    def initialise(self):
        """As flash-linear-attention does: rates of 1 to 16 times steps of 0.001 to 0.1."""
        self.A_log.data = torch.linspace(1, 16, self.config.heads).log()
        self.dt_bias.data = inverse_softplus(torch.logspace(-2, -3, self.config.heads))

    def forward(self, x):
        heads = lambda y: y.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)
        q, k, v = (
            heads(convolution(project(x)))
            for project, convolution in (
                (self.q_proj, self.q_conv1d), (self.k_proj, self.k_conv1d), (self.v_proj, self.v_conv1d)
            )
        )
        q, k = (y * (y.square().sum(-1, keepdim=True) + 1e-6).rsqrt() for y in (q, k))
        decay = -self.A_log.exp() * F.softplus(self.a_proj(x) + self.dt_bias)
        decay, beta = (y.transpose(1, 2).unsqueeze(-1) for y in (decay, self.b_proj(x).sigmoid()))
        written = beta * k
        y = recurrence(q * q.shape[-1] ** -0.5, written, v, decay, a=k, b=-written * decay.exp())
        return self.o_proj(self.o_norm(y, heads(self.g_proj(x))).transpose(1, 2).flatten(2))
