"""Exact answers, many prompts at once: the greedy answer is right if and only if, with the right answer given, the likeliest token
is the right one at each of its places and the end of the text after it."""
from collections import defaultdict

import torch

LIMITS = (16, 32, 48, 64, 96, 128)


def bucket(distance):
    """The index of a range of distances: below LIMITS[i], or beyond all."""
    return sum(distance >= limit for limit in LIMITS)


@torch.no_grad()
def right_answers(model, tokenizer, examples, rows=64):
    """Yields (distance, right) of each example (prompt, answer, the rest of the prompt after the fact)."""
    encoded = [(tokenizer.encode(p), tokenizer.encode(a) + [tokenizer.eos], len(tokenizer.encode(r))) for p, a, r in examples]
    encoded.sort(key=lambda item: len(item[0]))
    for first in range(0, len(encoded), rows):
        group = encoded[first : first + rows]
        lines = [[tokenizer.bos] + prompt + answer[:-1] for prompt, answer, _ in group]
        longest = max(map(len, lines))
        best = model(torch.tensor([line + [tokenizer.eos] * (longest - len(line)) for line in lines])).argmax(-1)
        for row, (prompt, answer, distance) in enumerate(group):
            yield distance, best[row, len(prompt) : len(prompt) + len(answer)].tolist() == answer


def by_distance(results):
    """{bucket: [right, asked]}, in order."""
    counts = defaultdict(lambda: [0, 0])
    for distance, right in results:
        counts[bucket(distance)][0] += right
        counts[bucket(distance)][1] += 1
    return dict(sorted(counts.items()))


def describe(counts):
    right, asked = (sum(column) for column in zip(*counts.values()))
    names = [f"<{limit}" for limit in LIMITS] + [f">={LIMITS[-1]}"]
    return f"{100 * right / asked:.1f} % of {asked}: " + ", ".join(
        f"{names[i]} {100 * r / n:.0f} % of {n}" for i, (r, n) in counts.items()
    )
