"""What an attribute of the model can hold, said once, on the attribute, with `typing.Annotated`.

A constraint checks a value (`compile`) and says in French what it expects (`expected`). It drives the validation on
construction and, from outside this room, the generated XSD, the XML codec and the test strategies. It knows no
position, no XML and no code list that changes with time: dated lists belong to `referentiels`.
The markers at the end say what else a reader of the model must know of an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

from fse.norm.model.alphabet import B2_TEXT

Check = Callable[[object], bool]


@runtime_checkable
class Constraint(Protocol):
    """What one scalar attribute can hold."""

    @property
    def expected(self) -> str:
        """French, to follow "attendu : "."""

    def compile(self) -> Check:
        """A quick test of a value, type included. It never raises."""


def _matching(pattern: str) -> Check:
    match = re.compile(pattern, re.ASCII).fullmatch
    return lambda value: isinstance(value, str) and match(value) is not None


@dataclass(frozen=True, slots=True)
class Chiffres:
    """Exactly `longueur` digits kept as text; `non_nul` refuses all zeros, which would mean "absent"."""

    longueur: int
    non_nul: bool = False

    @property
    def expected(self) -> str:
        return f"{self.longueur} chiffres" + (", pas tous à zéro" if self.non_nul else "")

    def compile(self) -> Check:
        return _matching(("(?!0+$)" if self.non_nul else "") + f"[0-9]{{{self.longueur}}}")


@dataclass(frozen=True, slots=True)
class Texte:
    """B2 text (`alphabet`) of 1 to `maximum` characters, as it will stand in the record."""

    maximum: int

    @property
    def expected(self) -> str:
        return f"de 1 à {self.maximum} capitales, chiffres ou espaces"

    def compile(self) -> Check:
        match, maximum = B2_TEXT.fullmatch, self.maximum
        return lambda value: isinstance(value, str) and len(value) <= maximum and match(value) is not None


@dataclass(frozen=True, slots=True)
class TexteLibre:
    """Printable latin-1 text of 1 to `maximum` characters without a blank at either end: a label of a payer."""

    maximum: int

    @property
    def expected(self) -> str:
        return f"de 1 à {self.maximum} caractères imprimables, sans blanc au début ni à la fin"

    def compile(self) -> Check:
        maximum = self.maximum
        return lambda value: (
            isinstance(value, str)
            and 1 <= len(value) <= maximum
            and value == value.strip(" ")
            and value.isprintable()
            and max(value) <= "\xff"
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of printable latin-1, a single blank between two, of 1 to `maximum` characters: what someone explains."""

    maximum: int

    @property
    def regex(self) -> str:
        return "[!-~¡-¬®-ÿ]+( [!-~¡-¬®-ÿ]+)*"

    @property
    def expected(self) -> str:
        return f"de 1 à {self.maximum} caractères, un seul blanc entre deux mots"

    def compile(self) -> Check:
        match, maximum = re.compile(self.regex).fullmatch, self.maximum
        return lambda value: isinstance(value, str) and len(value) <= maximum and match(value) is not None


@dataclass(frozen=True, slots=True)
class CodeDroite:
    """A code of capitals and digits, right-aligned and zero-filled in its record: held without leading zeros."""

    maximum: int

    @property
    def expected(self) -> str:
        return f"de 1 à {self.maximum} capitales ou chiffres, pas tous à zéro"

    def compile(self) -> Check:
        return _matching(f"[1-9A-Z][0-9A-Z]{{0,{self.maximum - 1}}}")


@dataclass(frozen=True, slots=True)
class Motif:
    """Text that matches `regex` as a whole: explicit ASCII classes only, so that it reads the same in an XSD."""

    regex: str
    attendu: str

    @property
    def expected(self) -> str:
        return self.attendu

    def compile(self) -> Check:
        return _matching(self.regex)


class Code:
    """One of a closed list of codes that the record layout itself fixes. Blanks are not a code but `None`."""

    __slots__ = ("valeurs",)

    def __init__(self, *valeurs: str) -> None:
        self.valeurs = valeurs

    @property
    def expected(self) -> str:
        return "l'un des codes " + ", ".join(self.valeurs)

    def compile(self) -> Check:
        valeurs = frozenset(self.valeurs)
        return lambda value: isinstance(value, str) and value in valeurs


@dataclass(frozen=True, slots=True)
class Entier:
    """A whole number from `minimum` to `maximum`; a minimum of 1 where zeros in the record mean "absent"."""

    minimum: int
    maximum: int

    @property
    def expected(self) -> str:
        return f"un nombre entier de {self.minimum} à {self.maximum}"

    def compile(self) -> Check:
        minimum, maximum = self.minimum, self.maximum
        return lambda value: type(value) is int and minimum <= value <= maximum


@dataclass(frozen=True, slots=True)
class Montant:
    """Centimes, 0 or more, that fit in `chiffres` digits; `signe`: negative too, the sign has its own field."""

    chiffres: int
    signe: bool = False

    @property
    def maximum(self) -> int:
        return int(10**self.chiffres) - 1

    @property
    def expected(self) -> str:
        return f"un montant en centimes, de {-self.maximum if self.signe else 0} à {self.maximum}"

    def compile(self) -> Check:
        minimum, maximum = -self.maximum if self.signe else 0, self.maximum
        return lambda value: type(value) is int and minimum <= value <= maximum


@dataclass(frozen=True, slots=True)
class Decimale:
    """A `Decimal` above zero with at most `entiers` digits before the comma and `decimales` after it."""

    entiers: int
    decimales: int

    @property
    def minimum(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimales)

    @property
    def maximum(self) -> Decimal:
        return Decimal(10**self.entiers) - self.minimum

    @property
    def expected(self) -> str:
        return f"un nombre de {self.minimum} à {self.maximum}, avec {self.decimales} décimales au plus"

    def compile(self) -> Check:
        minimum, maximum = self.minimum, self.maximum

        def check(value: object) -> bool:
            if not isinstance(value, Decimal) or not value.is_finite() or not minimum <= value <= maximum:
                return False
            return value == value.quantize(minimum)

        return check


@dataclass(frozen=True, slots=True)
class Jour:
    """A civil date; by default one that two digits of year can tell (architecture, decision 4)."""

    annee_min: int = 1980
    annee_max: int = 2079

    @property
    def expected(self) -> str:
        return f"une date du calendrier (année-mois-jour), de {self.annee_min} à {self.annee_max}"

    def compile(self) -> Check:
        first, last = self.annee_min, self.annee_max
        return lambda value: type(value) is date and first <= value.year <= last


@dataclass(frozen=True, slots=True)
class Logique:
    """Yes or no."""

    @property
    def expected(self) -> str:
        return "true ou false"

    def compile(self) -> Check:
        return lambda value: isinstance(value, bool)


# --- markers: what else `Annotated` says of an attribute ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Libelle:
    """What the attribute is, in French, for those who fill it in; it becomes the documentation of the XSD."""

    texte: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A tuple: the name of one item, and how many there can be (`None`: no limit)."""

    singulier: str
    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class NotInput:
    """Given by securing, never by the practice software: it keeps its default in an input document."""


@dataclass(frozen=True, slots=True)
class AsAttribute:
    """Identifies the item: an attribute of its element in a document."""


@dataclass(frozen=True, slots=True)
class Inline:
    """In a document the attributes of this item stand directly in the one that holds it."""
