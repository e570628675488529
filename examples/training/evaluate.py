#!/usr/bin/env python3
"""Measures exact answers on fresh stories: `python3 evaluate.py MODEL_DIR --count 1000 --seed 9001`.

MODEL_DIR is a Hugging Face style folder (`../models/stories-hf`). An answer is right when the greedy continuation of
the prompt, up to the end-of-text token, equals the expected text.
"""
import argparse
from collections import defaultdict
from pathlib import Path

import torch

import corpus
import huggingface
from tokenizer import Tokenizer


def answer(model, tokenizer, prompt):
    """The greedy continuation of the prompt."""
    return tokenizer.decode(model.generate([tokenizer.bos] + tokenizer.encode(prompt), 16, {tokenizer.eos}))


def bucket(distance):
    """The name of a range of distances."""
    for limit in (32, 64, 96, 128, 192):
        if distance < limit:
            return f"< {limit}"
    return ">= 192"


def measure(model, tokenizer, examples, failures=None):
    """Counts (right, asked) over all examples, by distance in tokens between fact and answer, and by question type."""
    counts = defaultdict(lambda: [0, 0])
    for prompt, expected, rest in examples:
        got = answer(model, tokenizer, prompt)
        question = prompt[prompt.rfind("Question: ") + 10 :]
        keys = ("all", bucket(len(tokenizer.encode(rest))), " ".join(question.split()[:2]))
        for key in keys:
            counts[key][0] += got == expected
            counts[key][1] += 1
        if got != expected and failures is not None:
            failures.append((prompt, expected, got))
    return counts


def describe(counts):
    """`key right/asked` for each key."""
    return ", ".join(f"{key} {right}/{asked}" for key, (right, asked) in sorted(counts.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--crowded", type=float, default=corpus.CROWDED, help="part of the stories that are crowded")
    parser.add_argument("--failures", type=int, default=0, help="print this many wrong answers")
    args = parser.parse_args()
    torch.set_num_threads(2)
    model, tokenizer = huggingface.load(args.model), Tokenizer.load(args.model / "tokenizer.json")
    failures = []
    counts = measure(model, tokenizer, corpus.evaluation(args.count, args.seed, args.crowded), failures)
    for key, (right, asked) in sorted(counts.items(), key=lambda item: item[0] != "all"):
        print(f"{key:>12}  {right:5d} of {asked:5d}  {100 * right / asked:6.2f} %")
    for prompt, expected, got in failures[: args.failures]:
        print(f"---\n{prompt}\nexpected{expected!r} got{got!r}")


if __name__ == "__main__":
    main()
