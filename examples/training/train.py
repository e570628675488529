#!/usr/bin/env python3
"""Trains the story model on the CPU and exports it: `python3 train.py --out DIR`.

README.md has the two runs that made the model that the project ships. Every document is drawn afresh, so there are
no epochs.
"""
import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import corpus
import evaluate
import export
from model import Config, Llama
from optimiser import Optimiser
from tokenizer import Tokenizer, learn_merges

MAX_ANSWER = 12


def make_tokenizer(seed, vocab_size):
    """Learns the merges from a sample of the corpus."""
    rng = random.Random(f"tokenizer {seed}")
    sample = ["".join(text for text, _ in corpus.training_text(corpus.document(rng), rng)) for _ in range(3000)]
    return Tokenizer(learn_merges("\n".join(sample), vocab_size - 258))


def encode(tokenizer, pieces, limit):
    """Returns (ids, labels, is_answer), each of the document's length.

    The label of a token is the next one, but after the story and after each answer it is the end of the text: whether
    a question follows is the reader's choice. Whole question lines that don't fit are left out.
    """
    ids, ends, answers = [tokenizer.bos], [], []
    for text, kind in pieces:
        piece = tokenizer.encode(text)
        if len(ids) + len(piece) + MAX_ANSWER * (kind == "question") > limit:
            break
        ids += piece
        answers += [kind == "answer"] * len(piece)
        if kind != "question":
            ends.append(len(ids) - 1)
    labels = ids[1:] + [tokenizer.eos]
    for end in ends:
        labels[end] = tokenizer.eos
    answers.append(False)
    for end in ends[1:]:
        answers[end] = True
    return ids, labels, answers


def batches(tokenizer, args):
    """Endless (ids, labels, is_answer, present) tensors [rows, seq]. The first `easy_steps` have short stories only."""
    rng, step = random.Random(f"training {args.seed}"), 0
    while True:
        easy = step < args.easy_steps
        pool = []
        for _ in range(512):
            doc = corpus.document(rng, max_size=2 if easy else 5, crowded=args.crowded)
            pool.append(encode(tokenizer, corpus.training_text(doc, rng), args.context))
        for rows in in_batches(pool, args.batch_tokens, rng):
            step += 1
            yield padded(rows, tokenizer.eos)


def padded(rows, filler, length=0):
    """The rows (ids, labels, is_answer) as tensors of one length, at least `length`, and which of their places are no filler."""
    length = max(length, *(len(ids) for ids, _, _ in rows))
    rows = [(ids, labels, answers, [True] * len(ids)) for ids, labels, answers in rows]
    return [
        torch.tensor([values + [blank] * (length - len(values)) for values in column])
        for column, blank in zip(zip(*rows), (filler, filler, False, False))
    ]


def in_batches(pool, batch_tokens, rng):
    """Groups documents of similar length, so that little is padding, in random order."""
    groups, group = [], []
    for item in sorted(pool, key=lambda item: len(item[0])):
        if group and (len(group) + 1) * len(item[0]) > batch_tokens:
            groups.append(group)
            group = []
        group.append(item)
    groups.append(group)
    rng.shuffle(groups)
    return groups


def losses_of(model, batch, answer_weight):
    """Cross entropy: (with answer tokens weighing more, to minimise; of answer tokens; of other tokens)."""
    ids, labels, answers, present = batch
    losses = F.cross_entropy(model(ids).flatten(0, 1), labels.flatten(), reduction="none")
    answers, others = answers.flatten().float(), (present & ~answers).flatten().float()
    weights = others + answer_weight * answers
    means = [(losses * mask).sum() / mask.sum().clamp(min=1) for mask in (weights, answers, others)]
    return means[0], means[1].item(), means[2].item()


def rate(step, args):
    """Linear warm-up, then constant, then a linear descent to zero over the last `descent` part of the steps."""
    return min(1.0, (step + 1) / args.warmup, (args.steps - step) / (args.descent * args.steps))


def train(args):
    """Trains and returns the model and its tokenizer; writes a checkpoint now and then."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    begun = torch.load(args.resume) if args.resume else None
    tokenizer = Tokenizer(begun["merges"]) if begun else make_tokenizer(args.seed, args.vocab)
    model = Llama(Config(vocab_size=len(tokenizer.tokens), max_position_embeddings=args.context))
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {len(tokenizer.tokens)} tokens", flush=True)
    if begun:
        model.load_state_dict(begun["model"])
    optimiser = Optimiser(model)
    started, means, seen = time.time(), None, 0
    for step, batch in zip(range(args.steps), batches(tokenizer, args)):
        loss, *parts = losses_of(model, batch, args.answer_weight)
        optimiser.step(loss, args.lr * rate(step, args))
        seen += int(batch[3].sum())
        means = parts if means is None else [0.98 * m + 0.02 * p for m, p in zip(means, parts)]
        if (step + 1) % 50 == 0:
            print(
                f"step {step + 1}: answer loss {means[0]:.3f}, story loss {means[1]:.3f},"
                f" {seen:,} tokens, {time.time() - started:.0f} s", flush=True
            )
        if (step + 1) % args.check_every == 0 or step + 1 == args.steps:
            result = evaluate.measure(model, tokenizer, corpus.evaluation(100, seed=args.seed))
            print(f"step {step + 1}: {evaluate.describe(result)}", flush=True)
            torch.save(dict(model=model.state_dict(), merges=tokenizer.merges), Path(args.out) / "checkpoint.pt")
    return model, tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the checkpoint and the exports")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--vocab", type=int, default=1152)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--resume", help="begin with the weights of this checkpoint")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--easy-steps", type=int, default=400, help="steps with short stories only")
    parser.add_argument("--crowded", type=float, default=corpus.CROWDED, help="part of the stories that are crowded")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--descent", type=float, default=0.4)
    parser.add_argument("--answer-weight", type=float, default=4.0)
    parser.add_argument("--check-every", type=int, default=500)
    args = parser.parse_args()
    Path(args.out).mkdir(parents=True, exist_ok=True)
    model, tokenizer = train(args)
    export.write(model, tokenizer, Path(args.out))


if __name__ == "__main__":
    main()
