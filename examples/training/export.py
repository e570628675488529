#!/usr/bin/env python3
"""Writes a trained model as GGUF and as a Hugging Face style folder.

    python3 export.py CHECKPOINT.pt OUT_DIR     writes OUT_DIR/stories.gguf and OUT_DIR/stories-hf/
"""
import sys
from pathlib import Path

import torch

import gguf
import huggingface
from model import Config, Llama
from tokenizer import Tokenizer


def write(model, tokenizer, out):
    """Both exports."""
    gguf.write(model, tokenizer, out / "stories.gguf")
    huggingface.write(model, tokenizer, out / "stories-hf")


def main():
    checkpoint, out = torch.load(sys.argv[1]), Path(sys.argv[2])
    tokenizer = Tokenizer(checkpoint["merges"])
    model = Llama(Config(vocab_size=len(tokenizer.tokens)))
    model.load_state_dict(checkpoint["model"])
    write(model, tokenizer, out)


if __name__ == "__main__":
    main()
