#!/usr/bin/env python3
"""Generates little English stories with questions whose answers stand in the story.

A document is `STORY Question: Q? Answer: A. Question: Q? Answer: A. ...`; what stands before `Question:` and `Answer:`
is a space in half of the documents and a line break in the others. Some documents are a story alone.

About a tenth of all fact sentences (chosen by a hash of the sentence) never occur in a training document. The
evaluation asks only about those, so a right answer was read from the story, not remembered.

    python3 corpus.py --show 3 --seed 1                          print three training documents
    python3 corpus.py --eval 200 --seed 9000 --out FILE.jsonl    write an evaluation set
"""
import argparse
import json
import random
from dataclasses import dataclass

import words
from scenes import SCENES, TRAITS, feeling
from world import Exhausted, Sentence, World, fact, maybe


def opening(world, cast):
    """Introduces the cast."""
    hero, friends = cast[0], cast[1:]
    nature = world.rng.choice(words.NATURES)
    start = world.rng.choice(("Once upon a time there was", "Long ago there was", "There once was"))
    scene = [Sentence(f"{start} a {nature} {hero.kind} named {hero.name}.")]
    if len(friends) == 1:
        scene.append(fact(
            f"{hero.He} had a friend named {friends[0].name}",
            (f"Who was the friend of {hero.name}?", friends[0].name),
        ))
    elif friends:
        scene.append(Sentence(f"{hero.He} had two friends, {friends[0].name} and {friends[1].name}."))
    return scene


def weather(world, cast):
    """The day. Its questions name nobody, so it comes once in a document."""
    if "weather" in world.used:
        raise Exhausted()
    world.used.add("weather")
    kind, month = world.pick(words.WEATHERS), world.pick(words.MONTHS)
    return [
        fact(f"It was a {kind} day in {month}", ("What was the weather like?", kind), ("Which month was it?", month))
    ]


def closing(rng):
    return Sentence(rng.choice((
        "Then they all went home.",
        "They were good friends from then on.",
        "It was a very good day.",
        "When the sun went down, everyone went to bed.",
        "They laughed and walked home together.",
        "And they lived happily ever after.",
        "What a nice day it was!",
        "They said good night and went to sleep.",
    )))


def scene(world, make, cast, training):
    """The sentences of `make`, or none when the world has run out of words for it. Training avoids held-out facts."""
    for _ in range(20):
        attempt = World(world.rng, set(world.used), world.crowded)
        try:
            sentences = make(attempt, cast)
        except Exhausted:
            return []
        if not (training and any(sentence.held_out for sentence in sentences)):
            world.used = attempt.used
            return sentences
    return []


def story(world, training, size):
    """One story with about `size` traits and scenes, as a list of sentences."""
    rng = world.rng
    world.used.discard("begun")
    cast = [world.person() for _ in range(rng.choice((2, 2, 3)))]
    num_traits = rng.randint(0, 1 + size // 2)
    parts = [opening] * (rng.random() < 0.85)
    parts += [rng.choice(TRAITS) for _ in range(num_traits)]
    parts += [weather] * (rng.random() < 0.3)
    parts += rng.sample(SCENES, min(len(SCENES), max(1, size - num_traits)))
    parts += [feeling] * (rng.choice((0, 1, 1, 2)) if world.crowded else rng.choice((0, 1, 1, 1)))
    sentences = [sentence for part in parts for sentence in scene(world, part, cast, training)]
    return sentences + maybe(rng, 0.8, closing(rng))


# How many stories are crowded: several people do the same kind of thing, and only the names tell the answers apart.
CROWDED = 0.2


@dataclass(frozen=True)
class Document:
    """A story's text and its facts as (question, answer, offset of the end of the fact's sentence in the text)."""

    text: str
    facts: list
    held_out: list


def document(rng, training=True, max_size=5, crowded=CROWDED):
    """Draws a document: one story, or now and then two about different people in the same world."""
    world = World(rng, crowded=rng.random() < crowded)
    sentences = []
    for _ in range(2 if max_size > 2 and rng.random() < 0.1 else 1):
        sentences += story(world, training, rng.randint(1, max_size))
    text, facts, held_out = "", [], []
    for sentence in sentences:
        text = f"{text} {sentence.text}".strip()
        for question, answer in sentence.pairs:
            facts.append((question, answer, len(text)))
            held_out.append(sentence.held_out)
    return Document(text, facts, held_out)


def ask(question, separator):
    """The words between a story (or an earlier answer) and an answer."""
    return f"{separator}Question: {question}{separator}Answer:"


def training_text(doc, rng, separators=(" ", "\n"), silent=0.1):
    """The document as (text, kind) pieces: the story, then every one of its facts asked in random order."""
    pieces = [(doc.text, "story")]
    if rng.random() < silent:
        return pieces
    separator = rng.choice(separators)
    for question, answer, _ in rng.sample(doc.facts, len(doc.facts)):
        pieces += [(ask(question, separator), "question"), (f" {answer}.", "answer")]
    return pieces


def evaluation(count, seed, crowded=CROWDED):
    """Yields `count` (prompt, answer, rest) on fresh stories; each asks about a fact that training never contained.

    The stories are drawn as in training; `crowded` (0 to 1) is the part of crowded ones. `rest` is the part of the prompt
    after the fact's sentence.
    """
    rng = random.Random(f"evaluation {seed}")
    while count > 0:
        doc = document(rng, training=False, crowded=crowded)
        fresh = [f for f, held_out in zip(doc.facts, doc.held_out) if held_out]
        if not fresh:
            continue
        question, answer, end = rng.choice(fresh)
        prompt = doc.text + ask(question, rng.choice((" ", "\n")))
        yield prompt, f" {answer}.", prompt[end:]
        count -= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=0, help="print this many training documents")
    parser.add_argument("--eval", type=int, default=0, help="write this many evaluation prompts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="file for the evaluation prompts (JSON lines)")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for _ in range(args.show):
        print("".join(text for text, _ in training_text(document(rng), rng)), end="\n\n")
    if args.eval:
        from tokenizer import Tokenizer

        tokenizer = Tokenizer.bundled()
        with open(args.out, "w", encoding="utf-8") as out:
            for prompt, answer, rest in evaluation(args.eval, args.seed):
                line = {"prompt": prompt, "answer": answer, "distance": len(tokenizer.encode(rest))}
                out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
