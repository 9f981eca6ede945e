"""Invented people: names as they really come, addresses that can belong to nobody."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass

_FIRST_NAMES = (
    "Anna Ayşe Björn Bärbel Çağla Clara David Dörte Élodie Emil Fatma Friederike Günter Greta "
    "Hannah Hülya İbrahim Ines Jörg Jürgen Kai Käthe Karim Łukasz Lena Luise Malte Márta Mehmet "
    "Mira Nadja Nuno Olga Ömer Paul Petra Quang Rosa Ruth Sören Sofía Tariq Thomas Ülkü Ursula "
    "Viktor Walter Xenia Yannick Zoë Željko"
)
FIRST_NAMES = tuple(_FIRST_NAMES.split())
_LAST_NAMES = (
    "Albrecht Arslan Bauer Becker Böhm Brückner Demir Dürr Engström Fischer Förster García Groß "
    "Günther Hähnel Hofmann Jäger Jansen Kaya Köhler König Kraus Kröger Krüger Lindström Lüders "
    "Maier Meißner Möller Müller Nguyễn Nowak Öztürk Peters Pfützner Richter Rößler Sánchez "
    "Schäfer Schröder Schütz Şahin Simon Sørensen Tóth Ünal Vogt Wagner Weiß Wójcik Yıldız "  # noqa: RUF001 Turkish has an i without a dot
    "Zimmermann"
)
LAST_NAMES = tuple(_LAST_NAMES.split())
EMOJI = ("🌻", "🌈", "🚲", "✊", "🎻", "☀️", "🦉", "🐝")
MAIL_DOMAINS = ("example.org", "post.example.org", "mail.example.net", "example.net",
                "uni.example.net", "familie.example.org")  # fmt: skip
MAIL_DOMAIN_WEIGHTS = (20, 28, 24, 14, 8, 6)
CITIES = (
    ("Berlin", "Berlin", "10"), ("Köln", "Nordrhein-Westfalen", "50"),
    ("München", "Bayern", "80"), ("Leipzig", "Sachsen", "04"),
    ("Münster", "Nordrhein-Westfalen", "48"), ("Göttingen", "Niedersachsen", "37"),
    ("Freiburg im Breisgau", "Baden-Württemberg", "79"), ("Lübeck", "Schleswig-Holstein", "23"),
    ("Saarbrücken", "Saarland", "66"), ("Würzburg", "Bayern", "97"), ("Jena", "Thüringen", "07"),
    ("Düsseldorf", "Nordrhein-Westfalen", "40"), ("Bremen", "Bremen", "28"),
    ("Hamburg", "Hamburg", "20"), ("Görlitz", "Sachsen", "02"), ("Mainz", "Rheinland-Pfalz", "55"),
)  # fmt: skip
STREETS = ("Lindenstraße", "Am Mühlbach", "Schloßallee", "Bahnhofstraße", "Zur Höhe",
           "Gärtnerweg", "Große Gasse", "Jakobsplatz", "Südring", "Feldweg")  # fmt: skip

_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "\u0131": "i", "ä": "ae", "ö": "oe", "ü": "ue"}
)


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    first_name: str
    last_name: str
    email: str
    city: str
    state: str
    zip_code: str

    @property
    def name(self) -> str:
        """Say the name as one would sign with it."""
        return f"{self.first_name} {self.last_name}"


def plain_letters(text: str) -> str:
    """Spell ``text`` with a to z alone, as an address or an account name needs it."""
    lowered = text.lower().translate(_WITHOUT_DECOMPOSITION)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return re.sub(r"[^a-z0-9]+", "", decomposed)


_PLAIN = {name: plain_letters(name) for name in (*FIRST_NAMES, *LAST_NAMES)}


def invent(chance: random.Random, number: int) -> Person:
    """Invent the person with this ``number``, which makes the address unique."""
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    domain = chance.choices(MAIL_DOMAINS, MAIL_DOMAIN_WEIGHTS)[0]
    email = f"{_PLAIN[first]}.{_PLAIN[last]}.{number}@{domain}"
    luck = chance.random()
    if luck < 0.02:
        first = f"{first} {chance.choice(EMOJI)}"
    elif luck < 0.08:
        last = f"{last}-{chance.choice(LAST_NAMES)}"
    city, state, area = chance.choice(CITIES)
    return Person(first, last, email, city, state, f"{area}{chance.randrange(100, 1000)}")
