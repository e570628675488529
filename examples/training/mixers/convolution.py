"""The short causal convolution that recurrent layers have before their recurrence."""
import torch
import torch.nn.functional as F
from torch import nn


class ShortConvolution(nn.Module):
    """Of each channel by itself, then SiLU: x [batch, seq, channels] to the same shape."""

    def __init__(self, channels, kernel, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels, 1, kernel))
        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None

    def initialise(self):
        """Begins as the token itself, with a little of those before it."""
        nn.init.normal_(self.weight, std=0.1)
        self.weight.data[:, :, -1] += 1.0

    def forward(self, x):
        kernel = self.weight.shape[-1]
        padded = F.pad(x, (0, 0, kernel - 1, 0))
        y = sum(padded[:, i : i + x.shape[1]] * self.weight[:, 0, i] for i in range(kernel))
        return F.silu(y if self.bias is None else y + self.bias)
