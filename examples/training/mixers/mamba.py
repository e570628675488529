"""Mamba (Gu, Dao, 2023, arXiv:2312.00752)."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from mixers.convolution import ShortConvolution


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


class Scan(torch.autograd.Function):
    """h_t = d_t h_{t-1} + x_t along the first dimension, entry by entry."""

    @staticmethod
    def forward(ctx, decay, x):
        h = torch.empty_like(x)
        h[0] = x[0]
        for t in range(1, len(x)):
            torch.addcmul(x[t], decay[t], h[t - 1], out=h[t])
        ctx.save_for_backward(decay, h)
        return h

    @staticmethod
    def backward(ctx, gradient):
        decay, h = ctx.saved_tensors
        of_x = gradient.clone()
        for t in range(len(h) - 2, -1, -1):
            of_x[t].addcmul_(decay[t + 1], of_x[t + 1])
        of_decay = torch.empty_like(decay)
        of_decay[0] = 0
        torch.mul(of_x[1:], h[:-1], out=of_decay[1:])
        return of_decay, of_x


class Mamba(nn.Module):
    """The selective scan between a convolution and a gate."""

    def __init__(self, config):
        super().__init__()
        self.config = c = config
        self.in_proj = nn.Linear(c.width, 2 * c.inner, bias=False)
        self.conv1d = ShortConvolution(c.inner, c.kernel, bias=True)
        self.x_proj = nn.Linear(c.inner, c.rank + 2 * c.state, bias=False)
        self.dt_proj = nn.Linear(c.rank, c.inner)
        self.A_log = nn.Parameter(torch.empty(c.inner, c.state))
        self.D = nn.Parameter(torch.ones(c.inner))
        self.out_proj = nn.Linear(c.inner, c.width, bias=False)

    def initialise(self):
        """As the paper's code: rates of 1 to `state`, steps of 0.001 to 0.1."""
        self.A_log.data = torch.arange(1.0, self.config.state + 1).log().repeat(self.config.inner, 1)
        self.dt_proj.bias.data = inverse_softplus(torch.logspace(-3, -1, self.config.inner))

    def forward(self, x):
        c = self.config
        u, gate = self.in_proj(x).chunk(2, dim=-1)
        u = self.conv1d(u)
        rank, b, out = self.x_proj(u).transpose(0, 1).split((c.rank, c.state, c.state), dim=-1)
        step = F.softplus(self.dt_proj(rank))
        by_time = u.transpose(0, 1)
        decay = (step.unsqueeze(-1) * -self.A_log.exp()).exp()
        h = Scan.apply(decay, (step * by_time).unsqueeze(-1) * b.unsqueeze(2))
        y = (h @ out.unsqueeze(-1)).squeeze(-1) + by_time * self.D
        return self.out_proj(y.transpose(0, 1) * F.silu(gate))
