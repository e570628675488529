"""RWKV-7 (Peng et al., 2025, arXiv:2503.14456) as flash-linear-attention has it: time mixing and channel mixing."""
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.recurrence import recurrence

USES = "rwkvag"


@dataclass(frozen=True)
class Rwkv7Config:
    """`rank` is that of the decay, of the learning rate and of the value residual; `gate_rank` that of the gate."""

    width: int = 128
    heads: int = 2
    layers: int = 4
    inner: int = 224
    rank: int = 16
    gate_rank: int = 32
    eps: float = 1e-5


def shifted(x):
    """The difference of the token before (zeros before the first) to each token."""
    return F.pad(x, (0, 0, 1, -1)) - x


class LowRank(nn.Module):
    """W2 f(W1 x) + b."""

    def __init__(self, width, rank, activation, bias=True):
        super().__init__()
        self.lora = nn.Sequential(nn.Linear(width, rank, bias=False), activation, nn.Linear(rank, width, bias=bias))

    def forward(self, x):
        return self.lora(x)


class TimeMix(nn.Module):
    """Equations 3 to 22 of the paper. Takes the values of layer 0, and returns (output, those)."""

    def __init__(self, config, layer):
        super().__init__()
        self.config, self.layer = config, layer
        width = config.width
        for use in USES:
            setattr(self, f"x_{use}", nn.Parameter(torch.empty(1, 1, width)))
        self.k_k, self.k_a = (nn.Parameter(torch.empty(width)) for _ in range(2))
        self.r_k = nn.Parameter(torch.empty(config.heads, width // config.heads))
        self.r_proj, self.k_proj, self.v_proj, self.o_proj = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.w_lora = LowRank(width, config.rank, nn.Tanh())
        self.a_lora = LowRank(width, config.rank, nn.Identity())
        if layer:
            self.v_lora = LowRank(width, config.rank, nn.Identity())
        self.g_lora = LowRank(width, config.gate_rank, nn.Sigmoid(), bias=False)
        self.g_norm = nn.GroupNorm(config.heads, width, eps=width // config.heads * config.eps)

    def initialise(self):
        """As flash-linear-attention initialises what is no matrix: channels differ in what they mix and forget."""
        width, size = self.config.width, self.config.width // self.config.heads
        depth, rest = self.layer / max(1, self.config.layers - 1), 1 - self.layer / self.config.layers
        place = torch.arange(width) / width
        linear = torch.arange(width) / (width - 1) - 0.5
        zigzag = (torch.arange(width) % size - (size - 1) / 2) / ((size - 1) / 2)
        zigzag = zigzag * zigzag.abs()
        for use, power in zip(USES, (0.2, 0.9, 0.7, 0.7, 0.9, 0.2)):
            getattr(self, f"x_{use}").data = (1 - place ** (power * rest)).view(1, 1, -1)
        self.k_k.data = 0.71 - linear * 0.1
        nn.init.constant_(self.k_a, 1.02)
        nn.init.constant_(self.r_k, -0.04)
        self.w_lora.lora[2].bias.data = -6 + 6 * (linear + 0.5) ** (1 + depth**0.3) + 0.5 + zigzag * 2.5
        self.a_lora.lora[2].bias.data = -0.19 + zigzag * 0.3 + linear * 0.4
        if self.layer:
            self.v_lora.lora[2].bias.data = 0.73 - linear * 0.4

    def forward(self, x, first=None):
        heads = lambda y: y.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)
        before = shifted(x)
        xr, xw, xk, xv, xa, xg = (x + before * getattr(self, f"x_{use}") for use in USES)
        r, k, v = heads(self.r_proj(xr)), self.k_proj(xk), self.v_proj(xv)
        decay = -math.exp(-0.5) * heads(self.w_lora(xw).sigmoid())
        if first is None:
            first = v
        else:
            v = torch.lerp(v, first, self.v_lora(xv).sigmoid())
        rate = self.a_lora(xa).sigmoid()
        direction = F.normalize(heads(k * self.k_k), dim=-1)
        k, v = heads(k * (1 + (rate - 1) * self.k_a)), heads(v)
        y = recurrence(r, k, v, decay, a=-direction, b=direction * heads(rate))
        y = self.g_norm(y.transpose(1, 2).flatten(0, 1).flatten(1)).view_as(x)
        bonus = (r * k * self.r_k.unsqueeze(1)).sum(-1, keepdim=True) * v
        return self.o_proj((y + bonus.transpose(1, 2).flatten(2)) * self.g_lora(xg)), first


class ChannelMix(nn.Module):
    """The feed-forward part: two matrices around a squared ReLU, on a mix of each token with the one before."""

    def __init__(self, config):
        super().__init__()
        self.x_k = nn.Parameter(torch.full((config.width,), 0.5))
        self.key = nn.Linear(config.width, config.inner, bias=False)
        self.value = nn.Linear(config.inner, config.width, bias=False)

    def forward(self, x):
        return self.value(self.key(x + shifted(x) * self.x_k).relu().square())
