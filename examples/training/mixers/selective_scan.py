"""Mamba's scan: h_t = e^{step_t rate} h_{t-1} + step_t u_t b_t and y_t = <out_t, h_t> for each channel, whose h has `state` entries.

A loop over tokens, of which PyTorch takes three times as long as the C code in `scan.c`, which the first use compiles.
"""
import ctypes
import functools
import subprocess
import tempfile
from pathlib import Path

import torch

FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC")


@functools.cache
def compiled():
    """The library of `scan.c`; needs a C compiler, `cc`."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "scan.so"
        subprocess.run(["cc", *FLAGS, str(Path(__file__).with_name("scan.c")), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))


def call(name, sizes, *tensors):
    """A function of the library, with sizes and the addresses of float32 tensors without gaps."""
    for tensor in tensors:
        assert tensor.dtype == torch.float32 and tensor.is_contiguous(), (tensor.dtype, tensor.shape, tensor.stride())
    getattr(compiled(), name)(*map(ctypes.c_long, sizes), *(ctypes.c_void_p(tensor.data_ptr()) for tensor in tensors))


class SelectiveScan(torch.autograd.Function):
    """u, step [batch, seq, inner], rates [state, inner], b, out [batch, seq, state] to y [batch, seq, inner]."""

    @staticmethod
    def forward(ctx, u, step, rates, b, out):
        inputs = [x.contiguous() for x in (u, step, rates, b, out)]
        (batch, length, inner), state = u.shape, len(rates)
        states, y = u.new_empty(batch, length, state, inner), torch.empty_like(inputs[0])
        call("scan_forward", (length, batch, inner, state), *inputs, states, y)
        ctx.save_for_backward(*inputs, states)
        return y

    @staticmethod
    def backward(ctx, of_y):
        *inputs, states = ctx.saved_tensors
        batch, length, state, inner = states.shape
        gradients = [torch.zeros_like(x) for x in inputs]
        call("scan_backward", (length, batch, inner, state), *inputs, states, of_y.contiguous(), *gradients, torch.empty_like(states[0, 0]))
        return tuple(gradients)
