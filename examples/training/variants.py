"""The variants: what `train_variant.py` trains. All have the same vocabulary and width, and learn from the same data."""
from dataclasses import dataclass
from typing import Callable

from torch import nn

from decoder import Decoder, swiglu
from mixers.attention import Attention, AttentionConfig
from mixers.gated_deltanet import GatedDeltaNet, GatedDeltaNetConfig
from mixers.gla import GatedLinearAttention, GlaConfig
from mixers.mamba import Mamba, MambaConfig
from mixers.mamba2 import Mamba2, Mamba2Config
from mixers.rwkv7 import ChannelMix, Rwkv7Config, TimeMix

VOCABULARY = 1130
WIDTH = 128
LAYERS = 4
# Mamba's layers have no MLP, so there are twice as many, one for each half of the others'.
MAMBA_LAYERS = 2 * LAYERS
INNER = 160
WINDOW = 48
SINKS = 4


@dataclass(frozen=True)
class Variant:
    """How to make the model, its mixer's configuration, and the family of files it is written as."""

    family: str
    config: object
    build: Callable


def of(family, mixer, config, layers=LAYERS, feed_forward=swiglu(WIDTH, INNER)):
    """Layers that are all alike."""
    mixers = lambda: [mixer(config) for _ in range(layers)]
    return Variant(family, config, lambda: Decoder(VOCABULARY, WIDTH, mixers(), feed_forward))


def rwkv7(config):
    """LayerNorms, also of the embedding, channel mixing, and values that come from layer 0."""
    mixers = lambda: [TimeMix(config, layer) for layer in range(config.layers)]
    channels = lambda: ChannelMix(config)
    return Variant(
        "rwkv7", config, lambda: Decoder(VOCABULARY, WIDTH, mixers(), channels, norm=nn.LayerNorm, embedding_norm=True)
    )


def hybrid(recurrent, attention, attends=2):
    """Bamba: Mamba-2, and one layer of attention, each with an MLP."""
    mixers = lambda: [Attention(attention) if i == attends else Mamba2(recurrent) for i in range(LAYERS)]
    return Variant(
        "bamba", (recurrent, attention), lambda: Decoder(VOCABULARY, WIDTH, mixers(), swiglu(WIDTH, INNER))
    )


def no_mlp():
    """A layer of a mixer alone."""
    return None


VARIANTS = {
    "mha": of("llama", Attention, AttentionConfig()),
    "gqa": of("llama", Attention, AttentionConfig(kv_heads=2)),
    "mqa": of("llama", Attention, AttentionConfig(kv_heads=1)),
    "window": of("mistral", Attention, AttentionConfig(window=WINDOW)),
    "window_sinks": of("mistral", Attention, AttentionConfig(window=WINDOW, sinks=SINKS)),
    "rwkv7": rwkv7(Rwkv7Config()),
    "mamba": of("mamba", Mamba, MambaConfig(inner=128, state=32), MAMBA_LAYERS, no_mlp),
    "mamba2": of("mamba2", Mamba2, Mamba2Config(inner=128, state=64), MAMBA_LAYERS, no_mlp),
    "gla": of("gla", GatedLinearAttention, GlaConfig()),
    "gated_deltanet": of("gated_deltanet", GatedDeltaNet, GatedDeltaNetConfig()),
    "hybrid": hybrid(Mamba2Config(inner=192), AttentionConfig()),
}
