"""Mamba (Gu, Dao, 2023, arXiv:2312.00752)."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.convolution import ShortConvolution
from mixers.selective_scan import SelectiveScan


@dataclass(frozen=True)
class MambaConfig:
    """Sizes; `rank` is that of the step size's projection."""

    width: int = 128
    inner: int = 256
    state: int = 16
    kernel: int = 4
    rank: int = 8


def inverse_softplus(x):
    """What softplus makes x of."""
    return x + torch.log(-torch.expm1(-x))


class Mamba(nn.Module):
    """The selective scan between a convolution and a gate."""

    def __init__(self, config):
        super().__init__()
        self.config = c = config
        self.in_proj = nn.Linear(c.width, 2 * c.inner, bias=False)
        self.conv1d = ShortConvolution(c.inner, c.kernel, bias=True)
        self.x_proj = nn.Linear(c.inner, c.rank + 2 * c.state, bias=False)
        self.dt_proj = nn.Linear(c.rank, c.inner)
        self.in_proj.weight.parts = (c.inner, c.inner)
        self.x_proj.weight.parts = (c.rank, c.state, c.state)
        self.A_log = nn.Parameter(torch.empty(c.inner, c.state))
        self.D = nn.Parameter(torch.ones(c.inner))
        self.out_proj = nn.Linear(c.inner, c.width, bias=False)

    def initialise(self):
        """Rates of 0.001 to 0.1, steps of 0.03 to 1: half-lives of 7 tokens and more. The paper's code has rates of 1 to `state` and
        steps of 0.001 to 0.1; as a step is also the factor of what is written, those let hardly a first gradient through."""
        self.A_log.data = torch.logspace(-3, -1, self.config.state).log().repeat(self.config.inner, 1)
        self.dt_proj.bias.data = inverse_softplus(torch.logspace(-1.5, 0, self.config.inner))

    def forward(self, x):
        c = self.config
        u, gate = self.in_proj(x).chunk(2, dim=-1)
        u = self.conv1d(u)
        rank, b, out = self.x_proj(u).split((c.rank, c.state, c.state), dim=-1)
        step = F.softplus(self.dt_proj(rank))
        y = SelectiveScan.apply(u, step, -self.A_log.exp().T, b, out) + u * self.D
        return self.out_proj(y * F.silu(gate))
