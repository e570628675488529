#!/usr/bin/env python3
"""Trains one of the variants on plain stories: `python3 train_variant.py mha --out DIR`.

README.md has the commands that made the models that the project ships. `--trunk` begins with what another variant's
checkpoint has in common with this one; `--teacher` teaches one that has next to nothing in common with it (see `distil.py`).
"""
import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import torch

import corpus
import distil
import exact
from optimiser import Optimiser
from tokenizer import Tokenizer
from train import encode, losses_of, padded, rate
from transfer import transfer, trunk
from variants import VARIANTS


# Lengths of batches are multiples of this: few shapes, for each of which the processor's code is made once.
LENGTHS = 32


def batches(tokenizer, args):
    """Endless tensors (ids, labels, is_answer, present) of `batch_tokens` places. The first `easy_steps` have short stories."""
    rng, step, waiting = random.Random(f"variants {args.seed}"), 0, defaultdict(list)
    while True:
        doc = corpus.document(rng, max_size=2 if step < args.easy_steps else 5, crowded=args.crowded)
        item = encode(tokenizer, corpus.training_text(doc, rng), args.context)
        length = -(-len(item[0]) // LENGTHS) * LENGTHS
        waiting[length].append(item)
        if len(waiting[length]) * length >= args.batch_tokens:
            step += 1
            yield padded(waiting.pop(length), tokenizer.eos, length)


def taught(path, model, data, args):
    """Begins with what the softmax model of a checkpoint or an exported folder does, each layer by itself."""
    teacher = VARIANTS["mha"].build().requires_grad_(False)
    teacher.load_state_dict(trunk(path, VARIANTS))
    distil.begin(teacher, model)
    optimiser = Optimiser(model)
    schedule = argparse.Namespace(steps=args.align_steps, warmup=20, descent=0.3)
    for step, batch in zip(range(args.align_steps), data):
        parts = distil.alignment(teacher, model, batch)
        optimiser.step(parts.sum(), args.lr * rate(step, schedule))
        if (step + 1) % 25 == 0:
            print(f"aligning, step {step + 1}: missed " + ", ".join(f"{x:.3f}" for x in parts.tolist()), flush=True)


def train(args, tokenizer):
    """Trains and returns the model; writes a checkpoint now and then."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    model = VARIANTS[args.variant].build()
    print(f"{args.variant}: {sum(p.numel() for p in model.parameters()):,} parameters", flush=True)
    if args.trunk:
        transfer(trunk(args.trunk, VARIANTS), model)
    data = batches(tokenizer, args)
    if args.teacher:
        taught(args.teacher, model, data, args)
    optimiser = Optimiser(model)
    started, means, seen = time.time(), None, 0
    for step, batch in zip(range(args.steps), data):
        loss, *parts = losses_of(model, batch, args.answer_weight)
        optimiser.step(loss, args.lr * rate(step, args))
        seen += int(batch[3].sum())
        means = parts if means is None else [0.98 * m + 0.02 * p for m, p in zip(means, parts)]
        if (step + 1) % 50 == 0:
            print(
                f"step {step + 1}: answer loss {means[0]:.4f}, story loss {means[1]:.4f},"
                f" {seen:,} tokens, {time.time() - started:.0f} s", flush=True
            )
        if (step + 1) % args.check_every == 0 or step + 1 == args.steps:
            results = exact.right_answers(model, tokenizer, corpus.evaluation(300, f"check {args.seed}", args.crowded))
            print(f"step {step + 1}: {exact.describe(exact.by_distance(results))}", flush=True)
            figures = dict(answer_loss=means[0], story_loss=means[1], tokens=seen, seconds=time.time() - started)
            torch.save(dict(model=model.state_dict(), **figures), Path(args.out) / f"{args.variant}.pt")
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--out", required=True, help="folder for the checkpoint")
    parser.add_argument("--trunk", help="begin with what this checkpoint or exported folder of another variant has in common")
    parser.add_argument("--teacher", help="checkpoint or exported folder of mha, for a variant with a layer for each half of its layers")
    parser.add_argument("--align-steps", type=int, default=150, help="steps with the teacher, before the others, in which each layer learns by itself")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--context", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--easy-steps", type=int, default=0, help="steps with short stories only")
    parser.add_argument("--crowded", type=float, default=0.0, help="part of the stories that are crowded")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--warmup", type=int, default=50)
    parser.add_argument("--descent", type=float, default=0.5)
    parser.add_argument("--answer-weight", type=float, default=4.0)
    parser.add_argument("--check-every", type=int, default=500)
    args = parser.parse_args()
    Path(args.out).mkdir(parents=True, exist_ok=True)
    train(args, Tokenizer.bundled())


if __name__ == "__main__":
    main()
