"""What the variants have in common: embedding, layers of a mixer and mostly an MLP, each behind a norm, and a tied head.

The parameters' names here are one set for all variants; `families.py` has those of the files.
"""
from torch import nn
from torch.nn import functional as F

from model import Mlp


class MlpConfig:
    """What `model.Mlp` reads."""

    def __init__(self, width, inner):
        self.hidden_size, self.intermediate_size = width, inner


class Layer(nn.Module):
    """x + mixer(norm(x)), then the same with the feed-forward part, if there is one."""

    def __init__(self, norm, mixer, feed_forward):
        super().__init__()
        self.mixer_norm, self.mixer = norm(), mixer
        self.mlp_norm, self.mlp = (norm(), feed_forward) if feed_forward is not None else (None, None)

    def forward(self, x, carried):
        """Returns the output, and what the mixer hands to that of the next layer (RWKV-7's first values)."""
        mixed = self.mixer(self.mixer_norm(x), *carried)
        mixed, carried = (mixed[0], mixed[1:]) if isinstance(mixed, tuple) else (mixed, ())
        x = x + mixed
        return (x if self.mlp is None else x + self.mlp(self.mlp_norm(x))), carried


class Decoder(nn.Module):
    """ids [batch, seq] to logits [batch, seq, vocabulary]."""

    def __init__(self, vocabulary, width, mixers, feed_forward, norm=nn.RMSNorm, embedding_norm=False):
        """`mixers` has one module per layer; `feed_forward` makes the second half of a layer, or returns None."""
        super().__init__()
        make_norm = lambda: norm(width, eps=1e-5)
        self.embed = nn.Embedding(vocabulary, width)
        self.embed_norm = make_norm() if embedding_norm else None
        self.layers = nn.ModuleList(Layer(make_norm, mixer, feed_forward()) for mixer in mixers)
        self.norm = make_norm()
        self._initialise(width)

    def _initialise(self, width):
        """As the story model is initialised (see `model.Llama`); then each mixer sets what it starts otherwise."""
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=weight.shape[1] ** -0.5)
            if name.endswith(("o_proj.weight", "out_proj.weight", "down_proj.weight", "mlp.value.weight")):
                weight.data *= (2 * len(self.layers)) ** -0.5
        nn.init.normal_(self.embed.weight, std=1.0)
        nn.init.constant_(self.norm.weight, width**-0.5)
        for module in self.modules():
            if hasattr(module, "initialise"):
                module.initialise()

    def forward(self, ids):
        x, carried = self.embed(ids), ()
        if self.embed_norm is not None:
            x = self.embed_norm(x)
        for layer in self.layers:
            x, carried = layer(x, carried)
        return F.linear(self.norm(x), self.embed.weight)


def swiglu(width, inner):
    """Makes Llama's MLP."""
    return lambda: Mlp(MlpConfig(width, inner))
