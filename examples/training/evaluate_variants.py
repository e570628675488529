#!/usr/bin/env python3
"""Measures the loss of the exported variants, and their exact answers by distance between fact and question, on fresh plain stories.

    python3 evaluate_variants.py ../src/main/resources/org/attention4j/models --count 2000 --seed 9001
    python3 evaluate_variants.py … --count 200 --seed 9002 --record ../src/test/resources/org/attention4j/examples/variants.jsonl \\
        --questions ../src/main/resources/org/attention4j/examples/questions.jsonl

`--record` writes what the library's tests compare with: of each model, some logits behind a prompt, and which questions it answers.
"""
import argparse
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F

import corpus
import exact
from tokenizer import Tokenizer
from train import encode
from transfer import exported
from variants import VARIANTS

# Of the vocabulary: every so many logits are recorded.
STRIDE = 10
RECORDED_ANSWERS = 30
# Documents whose loss is measured, and the tokens that the variants are trained for.
DOCUMENTS = 200
CONTEXT = 256


def load(name, folder):
    """The torch model of an exported folder."""
    model = VARIANTS[name].build()
    model.load_state_dict(exported(VARIANTS[name], folder))
    return model.eval()


def rows(results):
    """Markdown cells: all, then each range of distances."""
    counts = exact.by_distance(results)
    right, asked = (sum(column) for column in zip(*counts.values()))
    cells = [f"{100 * right / asked:.1f} %"]
    for bucket in range(len(exact.LIMITS) + 1):
        right, asked = counts.get(bucket, (0, 0))
        cells.append(f"{100 * right / asked:.0f} % of {asked}" if asked else "–")
    return " | ".join(cells)


@torch.no_grad()
def losses(model, tokenizer, seed):
    """Cross entropy a token, in nats, in fresh plain documents: (of stories and questions, of answers)."""
    rng = random.Random(f"losses {seed}")
    sums, counts = [0.0, 0.0], [0, 0]
    for _ in range(DOCUMENTS):
        pieces = corpus.training_text(corpus.document(rng, training=False, crowded=0), rng)
        ids, labels, answers = encode(tokenizer, pieces, CONTEXT)
        entropy = F.cross_entropy(model(torch.tensor([ids]))[0], torch.tensor(labels), reduction="none")
        for kind in range(2):
            mask = torch.tensor(answers) == bool(kind)
            sums[kind] += entropy[mask].sum().item()
            counts[kind] += mask.sum().item()
    return [total / count for total, count in zip(sums, counts)]


@torch.no_grad()
def recorded(name, model, tokenizer, questions):
    prompt = questions[0][0]
    ids = [tokenizer.bos] + tokenizer.encode(prompt)
    logits = model(torch.tensor([ids]))[0, -1, ::STRIDE].tolist()
    # One by one, so that the order stays.
    answers = [next(exact.right_answers(model, tokenizer, [q]))[1] for q in questions[:RECORDED_ANSWERS]]
    return dict(model=name, prompt=prompt, stride=STRIDE, logits=[round(x, 5) for x in logits], right=answers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--questions", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.bundled()
    questions = list(corpus.evaluation(args.count, args.seed, crowded=0))
    if args.questions:
        args.questions.parent.mkdir(parents=True, exist_ok=True)
        lines = (dict(prompt=p, answer=a, distance=len(tokenizer.encode(r))) for p, a, r in questions)
        args.questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    records = []
    for name in VARIANTS:
        folder = args.models / name
        if not folder.is_dir():
            continue
        model = load(name, folder)
        if args.record:
            records.append(recorded(name, model, tokenizer, questions))
        else:
            size = (folder / "model.safetensors").stat().st_size
            parameters = sum(p.numel() for p in model.parameters())
            loss = " | ".join(f"{x:.3f}" for x in losses(model, tokenizer, args.seed))
            answers = rows(exact.right_answers(model, tokenizer, questions))
            print(f"| {name} | {parameters:,} | {size:,} | {loss} | {answers} |", flush=True)
    if args.record:
        args.record.parent.mkdir(parents=True, exist_ok=True)
        args.record.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")


if __name__ == "__main__":
    main()
