"""Mamba-2 (Dao, Gu, 2024, arXiv:2405.21060) as transformers has it, with one group of B and C."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.convolution import ShortConvolution
from mixers.mamba import inverse_softplus
from mixers.recurrence import recurrence


@dataclass(frozen=True)
class Mamba2Config:
    """Heads have `inner // heads` channels and a state of as many times `state`; each of the `groups` of heads has its own B and C."""

    width: int = 128
    inner: int = 256
    heads: int = 4
    groups: int = 1
    state: int = 32
    kernel: int = 4
    eps: float = 1e-5

    @property
    def convolved(self):
        return self.inner + 2 * self.groups * self.state


class Gated(nn.Module):
    """RMS norm of x silu(gate)."""

    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x, gate):
        return F.rms_norm(x * F.silu(gate), self.weight.shape, self.weight, self.eps)


class Mamba2(nn.Module):
    """The state space dual: linear attention with C, B, x as queries, keys, values, and a decay of each head."""

    def __init__(self, config):
        super().__init__()
        self.config = c = config
        self.in_proj = nn.Linear(c.width, c.inner + c.convolved + c.heads, bias=False)
        of_groups = c.groups * c.state
        self.in_proj.weight.parts = (c.inner, c.inner, of_groups, of_groups, c.heads)
        self.conv1d = ShortConvolution(c.convolved, c.kernel, bias=True)
        self.dt_bias = nn.Parameter(torch.empty(c.heads))
        self.A_log = nn.Parameter(torch.empty(c.heads))
        self.D = nn.Parameter(torch.ones(c.heads))
        self.norm = Gated(c.inner, c.eps)
        self.out_proj = nn.Linear(c.inner, c.width, bias=False)

    def initialise(self):
        """Half-lives of 2 to 700 tokens, by steps of 1: they are the factor of what is written, and let the first gradients through."""
        self.A_log.data = torch.logspace(-3, -0.5, self.config.heads).log()
        self.dt_bias.data = inverse_softplus(torch.ones(self.config.heads))

    def forward(self, x):
        c = self.config
        gate, xbc, step = self.in_proj(x).split((c.inner, c.convolved, c.heads), dim=-1)
        u, b, out = self.conv1d(xbc).split((c.inner, c.groups * c.state, c.groups * c.state), dim=-1)
        step = F.softplus(step + self.dt_bias).transpose(1, 2).unsqueeze(-1)
        u = u.unflatten(-1, (c.heads, -1)).transpose(1, 2)
        b, out = (self._of_heads(y) for y in (b, out))
        decay = step * -self.A_log.exp().view(-1, 1, 1)
        y = recurrence(out, b, u * step, decay) + u * self.D.view(-1, 1, 1)
        return self.out_proj(self.norm(y.transpose(1, 2).flatten(2), gate))

    def _of_heads(self, x):
        """The groups' keys or queries [batch, heads, seq, state], the same for all heads of a group."""
        groups = x.unflatten(-1, (self.config.groups, -1)).transpose(1, 2)
        return groups.repeat_interleave(self.config.heads // self.config.groups, dim=1)
