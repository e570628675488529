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
        channels, _, kernel = self.weight.shape
        padded = F.pad(x.transpose(1, 2), (kernel - 1, 0))
        return F.silu(F.conv1d(padded, self.weight, self.bias, groups=channels).transpose(1, 2))
