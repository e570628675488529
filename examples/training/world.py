"""What stories are made of: people, sentences with what they settle, and the words that are not used up yet."""
import random
import zlib
from dataclasses import dataclass, field

import words


@dataclass(frozen=True)
class Person:
    """A child of the story and the pronouns for it."""

    name: str
    he: str
    his: str
    him: str
    kind: str

    @property
    def He(self):
        """The pronoun that starts a sentence."""
        return self.he.capitalize()


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the (question, answer) pairs that it alone settles. `fact` is what the held-out hash sees."""

    text: str
    fact: str = ""
    pairs: tuple = ()

    @property
    def held_out(self):
        """Whether no training document may contain this fact."""
        return bool(self.fact) and zlib.crc32(self.fact.encode()) % 10 == 0


@dataclass
class World:
    """What a story has used up: names, things and places occur in one fact each, so every question has one answer.

    In a crowded world several people may do the same kind of thing, so that only the names tell the answers apart.
    """

    rng: random.Random
    used: set = field(default_factory=set)
    crowded: bool = True

    def how_many(self, most, cast):
        """How many of the cast take part in a scene."""
        return self.rng.randint(1, min(most, len(cast))) if self.crowded else 1

    def pick(self, pool):
        """A member of `pool` that this world has not used yet."""
        free = [word for word in pool if word not in self.used]
        if not free:
            raise Exhausted()
        choice = self.rng.choice(free)
        self.used.add(choice)
        return choice

    def person(self):
        """A new boy or girl."""
        if self.rng.random() < 0.5:
            return Person(self.pick(words.BOYS), "he", "his", "him", "boy")
        return Person(self.pick(words.GIRLS), "she", "her", "her", "girl")

    def actors(self, cast, deed, count):
        """`count` different members of `cast` who have not done `deed` yet; they have from now on."""
        free = [person for person in cast if (deed, person.name) not in self.used]
        if len(free) < count:
            raise Exhausted()
        chosen = self.rng.sample(free, count)
        self.used.update((deed, person.name) for person in chosen)
        return chosen


class Exhausted(Exception):
    """The world has no unused word or person for a scene."""


def fact(clause, *pairs, lead=""):
    """A sentence that states a fact, after an optional lead such as `Later,`."""
    return Sentence(f"{lead} {clause}.".strip(), clause, pairs)


def aside(rng, person):
    """A sentence about `person` that settles nothing."""
    return Sentence(rng.choice((
        f"{person.He} smiled.",
        f"{person.He} laughed and clapped {person.his} hands.",
        f"{person.He} did it very carefully.",
        f"{person.He} did not tell anyone.",
        f"It made {person.him} smile.",
        "That was a good idea.",
    )))


def maybe(rng, chance, *sentences):
    """The sentences with probability `chance`, otherwise nothing."""
    return list(sentences) if rng.random() < chance else []


def lead(world):
    """Words that begin a story's first scene, or join a scene to the one before."""
    if "begun" in world.used:
        return world.rng.choice(("Later,", "Then", "After that,", "Soon", "A little later,"))
    world.used.add("begun")
    return world.rng.choice(("One day,", "One morning,", "One afternoon,"))
