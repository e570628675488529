"""What people of the stories are like (traits, told first) and what happens to them (scenes).

Each function takes the world and the cast, and returns sentences; it raises `Exhausted` when there is no cast or word
left for it.
"""
import words
from world import Exhausted, Sentence, aside, fact, lead, maybe


def home(world, cast):
    (a,) = world.actors(cast, "live", 1)
    place = world.pick(words.HOMES)
    return [fact(f"{a.name} lived {place}", (f"Where did {a.name} live?", place))]


def hobby(world, cast):
    (a,) = world.actors(cast, "like", 1)
    what = world.pick(words.HOBBIES)
    return [fact(f"{a.name} liked to {what}", (f"What did {a.name} like to do?", what))]


def dream(world, cast):
    (a,) = world.actors(cast, "dream", 1)
    job = world.pick(words.JOBS)
    return [fact(f"{a.name} wanted to be a {job}", (f"What did {a.name} want to be?", f"a {job}"))]


def pet(world, cast):
    (a,) = world.actors(cast, "pet", 1)
    animal, name, size = world.pick(words.ANIMALS), world.pick(words.PETS), world.rng.choice(words.SIZES)
    return [
        fact(
            f"{a.name} had a {size} {animal} named {name}",
            (f"What pet did {a.name} have?", f"a {size} {animal}"),
            (f"What was the name of the {animal}?", name),
        ),
        *maybe(world.rng, 0.4, Sentence(f"{name} followed {a.him} everywhere.")),
    ]


def colour_of(world, thing):
    colour = world.pick(words.COLOURS)
    return fact(f"The {thing} was {colour}", (f"What colour was the {thing}?", colour))


def lost(world, cast):
    (a,) = world.actors(cast, "lose", 1)
    (b,) = world.actors([p for p in cast if p != a], "find", 1)
    thing, spot = world.pick(words.THINGS), world.pick(words.SPOTS)
    return [
        fact(f"{a.name} lost {a.his} {thing}", (f"What did {a.name} lose?", f"{a.his} {thing}"), lead=lead(world)),
        *maybe(world.rng, 0.5, colour_of(world, thing)),
        *maybe(world.rng, 0.5, Sentence(f"{a.He} looked and looked, but {a.he} could not see it.")),
        fact(
            f"{b.name} found the {thing} {spot}",
            (f"Who found the {thing}?", b.name),
            (f"Where did {b.name} find the {thing}?", spot),
        ),
        *maybe(world.rng, 0.5, Sentence(f'"Thank you, {b.name}!" said {a.name}.')),
    ]


def hide(world, cast):
    hiders = world.actors(cast, "hide", world.how_many(3, cast))
    scene = [Sentence(f"{lead(world)} they played a game.")]
    for a in hiders:
        thing, spot = world.pick(words.THINGS), world.pick(words.SPOTS)
        scene.append(fact(
            f"{a.name} hid the {thing} {spot}",
            (f"Where did {a.name} hide the {thing}?", spot),
            (f"Who hid the {thing}?", a.name),
        ))
        scene += maybe(world.rng, 0.25, aside(world.rng, a))
    return scene + maybe(world.rng, 0.4, Sentence("It was fun to play together."))


def put(world, cast):
    (a,) = world.actors(cast, "put", 1)
    thing, spot, colour = world.pick(words.THINGS), world.pick(words.SPOTS), world.pick(words.COLOURS)
    return [
        fact(
            f"{a.name} put the {colour} {thing} {spot}",
            (f"Where did {a.name} put the {colour} {thing}?", spot),
            (f"Who put the {colour} {thing} {spot}?", a.name),
            lead=lead(world),
        ),
        *maybe(world.rng, 0.4, aside(world.rng, a)),
    ]


def trip(world, cast):
    (a,) = world.actors(cast, "go", 1)
    place = world.pick(words.TRIPS)
    scene = [fact(f"{a.name} went to the {place}", (f"Where did {a.name} go?", f"to the {place}"), lead=lead(world))]
    if world.rng.random() < 0.6:
        thing = world.pick(words.THINGS)
        scene.append(fact(
            f"{a.name} bought a {thing}",
            (f"What did {a.name} buy?", f"a {thing}"),
            (f"Who bought the {thing}?", a.name),
        ))
        scene += maybe(world.rng, 0.5, colour_of(world, thing))
    return scene + maybe(world.rng, 0.3, Sentence(f"Then {a.he} went back to {a.his} friends."))


def meal(world, cast):
    eaters = world.actors(cast, "eat", world.how_many(2, cast))
    start = world.rng.choice(("Soon it was time to eat.", "They sat down to eat.", "It was time for lunch."))
    scene = [Sentence(start)]
    for a in eaters:
        food = world.pick(words.FOODS)
        scene.append(fact(
            f"{a.name} ate some {food}", (f"What did {a.name} eat?", f"some {food}"), (f"Who ate the {food}?", a.name)
        ))
    return scene + maybe(world.rng, 0.4, Sentence("The food was very good."))


def gift(world, cast):
    a, b = world.actors(cast, "give", 2)
    thing = world.pick(words.THINGS)
    return [
        fact(
            f"{a.name} gave {b.name} a {thing}",
            (f"What did {a.name} give {b.name}?", f"a {thing}"),
            (f"Who gave {b.name} the {thing}?", a.name),
            lead=lead(world),
        ),
        *maybe(world.rng, 0.5, colour_of(world, thing)),
        Sentence(world.rng.choice((
            f'"Thank you, {a.name}!" said {b.name}.',
            f"{b.name} thanked {a.him}.",
            f"{b.name} hugged {a.him}.",
        ))),
    ]


def animal(world, cast):
    (a,) = world.actors(cast, "see", 1)
    what, spot, size = world.pick(words.ANIMALS), world.pick(words.OUTDOORS), world.rng.choice(words.SIZES)
    return [
        fact(
            f"{a.name} saw a {size} {what} {spot}",
            (f"What did {a.name} see?", f"a {size} {what}"),
            (f"Where did {a.name} see the {what}?", spot),
            (f"Who saw the {what}?", a.name),
            lead=lead(world),
        ),
        *maybe(world.rng, 0.6, Sentence(world.rng.choice((
            f"The {what} looked at {a.him} and ran away.",
            f"The {what} was not afraid.",
            f"{a.He} said hello to it.",
        )))),
    ]


def rescue(world, cast):
    (a,) = world.actors(cast, "rescue", 1)
    what, spot = world.pick(words.ANIMALS), world.pick(words.OUTDOORS)
    return [
        Sentence(f"{lead(world)} they heard a strange sound."),
        fact(f"A {what} was stuck {spot}", (f"Where was the {what} stuck?", spot)),
        fact(f"{a.name} helped the {what}", (f"Who helped the {what}?", a.name)),
        *maybe(world.rng, 0.5, Sentence(f"The {what} danced with joy.")),
    ]


def race(world, cast):
    (a,) = world.actors(cast, "win", 1)
    if "race" in world.used:
        raise Exhausted()
    world.used.add("race")
    return [
        Sentence(f"{lead(world)} they ran a race."),
        fact(f"{a.name} won the race", ("Who won the race?", a.name)),
        *maybe(world.rng, 0.5, Sentence(f"{a.He} was as fast as the wind.")),
    ]


def craft(world, cast):
    a, b = world.actors(cast, "make", 2)
    thing = world.pick(words.CRAFTS)
    return [
        fact(
            f"{a.name} made a {thing} for {b.name}",
            (f"What did {a.name} make for {b.name}?", f"a {thing}"),
            (f"Who made the {thing}?", a.name),
            lead=lead(world),
        ),
        *maybe(world.rng, 0.5, colour_of(world, thing)),
        *maybe(world.rng, 0.5, Sentence(f"{b.name} liked it very much.")),
    ]


def harvest(world, cast):
    pickers = world.actors(cast, "pick", 2 if world.crowded else 1)
    scene = [Sentence(f"{lead(world)} they took some bags and went outside.")]
    for person in pickers:
        number, what = world.pick(words.NUMBERS), world.pick(words.HARVEST)
        scene.append(fact(
            f"{person.name} picked {number} {what}",
            (f"How many {what} did {person.name} pick?", number),
            (f"Who picked the {what}?", person.name),
        ))
    return scene


def visit(world, cast):
    (a,) = world.actors(cast, "visit", 1)
    whom = world.pick(words.RELATIVES)
    return [
        fact(f"{a.name} visited {a.his} {whom}", (f"Who did {a.name} visit?", f"{a.his} {whom}"), lead=lead(world)),
        *maybe(world.rng, 0.5, Sentence("They drank tea and told stories.")),
    ]


def feeling(world, cast):
    (a,) = world.actors(cast, "feel", 1)
    mood = world.pick(words.FEELINGS)
    when = world.rng.choice(("At the end of the day,", "In the end,"))
    return [fact(f"{a.name} felt {mood}", (f"How did {a.name} feel?", mood), lead=when)]


TRAITS = (home, hobby, dream, pet)
SCENES = (lost, hide, put, trip, meal, gift, animal, rescue, race, craft, harvest, visit)
