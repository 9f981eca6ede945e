"""German and English sentences that a small political organisation could have written."""

from __future__ import annotations

import random

GERMAN = {
    "who": ("Die Bürgerinnen und Bürger", "Unsere Ortsgruppe", "Der Vorstand", "Das Bündnis",
            "Eine Mehrheit der Mitglieder", "Die Arbeitsgruppe Öffentlichkeit",
            "Der Stadtrat", "Viele Fördermitglieder"),
    "does": ("fordert", "unterstützt", "prüft", "beschließt", "erklärt", "begrüßt", "verschiebt",
             "veröffentlicht"),
    "what": ("mehr Radwege in der Südstadt", "die Offenlegung aller Spenden über 1.000 €",
             "ein Volksbegehren für saubere Flüsse", "den Haushalt für das nächste Jahr",
             "die Gründung einer Jugendgruppe", "längere Öffnungszeiten der Bücherei",
             "das neue Grundsatzprogramm", "größere Grünflächen"),
    "why": ("weil die Zeit drängt", "damit alle mitreden können", "wie im Mai angekündigt",
            "trotz der Kälte", "nach langer Diskussion", "für unsere Enkelkinder",
            "ohne Gegenstimme", "zum ersten Mal seit Jahren"),
}  # fmt: skip
ENGLISH = {
    "who": ("The members", "Our local group", "The board", "A broad alliance", "The city council",
            "Nearly everybody in the room", "The press team", "Two of our candidates"),
    "does": ("demand", "support", "discuss", "publish", "explain", "welcome", "postpone", "adopt"),
    "what": ("more bicycle lanes", "a register of lobbyists", "clean rivers by 2030",
             "the budget of the coming year", "a group for young people", "longer library hours",
             "the new programme", "free public transport on Sundays"),
    "why": ("because time is short", "so that everybody is heard", "as announced in May",
            "in spite of the cold", "after a long debate", "for our grandchildren",
            "without a single objection", "for the first time in years"),
}  # fmt: skip
TONGUES = {"de": GERMAN, "en": ENGLISH}


def sentence(chance: random.Random, tongue: str = "de") -> str:
    """Write one sentence in ``tongue`` (``de`` or ``en``)."""
    words = TONGUES[tongue]
    who, does, what = (chance.choice(words[part]) for part in ("who", "does", "what"))
    return f"{who} {does} {what}, {chance.choice(words['why'])}."


def paragraph(chance: random.Random, tongue: str = "de") -> str:
    """Write three to six sentences."""
    return " ".join(sentence(chance, tongue) for _ in range(chance.randint(3, 6)))


def headline(chance: random.Random, tongue: str = "de") -> str:
    """Write a title of at most 80 characters."""
    words = TONGUES[tongue]
    thing = chance.choice(words["what"])
    return f"{thing[0].upper()}{thing[1:]}: {chance.choice(words['why'])}"[:80]
