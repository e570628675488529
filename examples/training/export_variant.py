#!/usr/bin/env python3
"""Writes a trained variant as a Hugging Face style folder: `python3 export_variant.py mha CHECKPOINT.pt FOLDER`."""
import sys
from pathlib import Path

import numpy as np
import torch

import families
from huggingface import write_folder
from tokenizer import Tokenizer
from variants import INNER, VARIANTS, VOCABULARY, WIDTH

# What they were trained for; recurrences go on as long as one likes.
CONTEXT = 256


def stored(tensor):
    """Matrices in half precision, all else in single."""
    array = tensor.detach().numpy()
    return array.astype(np.float16) if tensor.dim() == 2 else array


def write(name, model, tokenizer, folder):
    """Config, weights, and tokenizer."""
    variant = VARIANTS[name]
    rules = families.NAMES[variant.family]
    arrays = [(families.renamed(n, rules), stored(p)) for n, p in model.named_parameters()]
    config = dict(
        architectures=[families.CLASSES[variant.family]],
        model_type=variant.family,
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        num_hidden_layers=len(model.layers),
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos,
        eos_token_id=tokenizer.eos,
        torch_dtype="float16",
        **families.CONFIGS[variant.family](variant.config, INNER),
    )
    write_folder(folder, arrays, config, tokenizer, CONTEXT)


def main():
    name, checkpoint, folder = sys.argv[1:]
    model = VARIANTS[name].build()
    model.load_state_dict(torch.load(checkpoint)["model"])
    write(name, model, Tokenizer.bundled(), Path(folder))


if __name__ == "__main__":
    main()
