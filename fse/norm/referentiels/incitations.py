"""The schemes that reward télétransmission (`schemas/incitations/*.toml`): who they concern, in which years, from which
rate, what they pay. A scheme is data; how a rate is counted is in `fse.domain.incitation`.

A rate is compared as an exact fraction (regles.md C.1): 74,95 % is not 75 %. `unite` says what is counted, acts or
sheets; `modes` which ways of securing make an FSE of a sheet; `reception` what proves that the fund received it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Literal, get_args

from fse.base import resources
from fse.norm.referentiels.entetes import CLE
from fse.norm.referentiels.entries import CONFIANCES
from fse.norm.referentiels.ngap.actes import PROFESSIONS
from fse.norm.referentiels.parametres import DROIT, PROJET_2011, Regime
from fse.norm.referentiels.profils import A_VERIFIER

Unite = Literal["acte", "feuille"]
Reception = Literal["accuse", "retour", "mode-sans-accuse"]
"""A positive acknowledgement; an answer of a payer; a mode that gets no acknowledgement, and no reject."""

Exclusion = Literal["ame", "nourrisson", "hors-presence", "s3404"]
"""State medical aid; infant under three months at the care; whole care without the patient; hospital form S3404."""

_FOLDER = "incitations"
_KEYS = {"libelle", "professions", "debut", "unite", "seuil", "modes", "reception", "article", "source", "confiance"}
_OPTIONAL = {
    "fin": None,
    "regime": DROIT,
    "bande": None,
    "exclusions": (),
    "par_feuille": 0,
    "fixe": 0,
    "points": 0,
    "point": 0,
    "fin_periode": "",
    "versement": "",
    "verse_du": "01-01",
    "verse_au": "12-31",
    "conditions": (),
    "complements": (),
    "commission": "",
    "note": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complement:
    """A sum a year, in centimes, that a scheme adds on a condition that fse does not know: told, never counted.

    `libelle`, `condition`: French.
    """

    libelle: str
    montant: int
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositif:
    """What a scheme of any kind says of itself. `debut`, `fin`: the first and the last calendar year of activity that
    it measures (`None`: no end known).
    """

    nom: str
    libelle: str
    professions: frozenset[str]
    debut: int
    fin: int | None
    regime: Regime
    article: str
    source: str
    confiance: str

    @property
    def en_projet(self) -> bool:
        """Whether only a draft states it: it is computed as an exercise, and nobody pays it."""
        return self.regime == PROJET_2011

    @property
    def a_verifier(self) -> bool:
        """Whether it is known too little to be trusted: it is told wherever it is used."""
        return self.confiance in A_VERIFIER

    def concerns(self, profession: str, annee: int) -> bool:
        """Whether it applies to a profession in a year."""
        return profession in self.professions and self.debut <= annee and (self.fin is None or annee <= self.fin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incitation(Dispositif):
    """A scheme of télétransmission.

    `bande`: from there up to `seuil` a commission, named by `commission`, may be asked; `None` when there is none.
    Money in centimes: `par_feuille` for each conforming FSE received, `fixe` a year, `points` × `point`. `fin_periode`:
    "MM-JJ", the last day measured of its last year when that is cut short. `versement`: when it is paid, French;
    `verse_du`, `verse_au`: "MM-JJ" of the following year, all of it while no source says. `conditions`: what has to be
    met besides the rate, French, each to be declared. `note`: what a reader must know, French. A sum whose date or
    conditions were not read is not in the data.
    """

    unite: Unite
    seuil: Fraction
    bande: Fraction | None
    modes: frozenset[str]
    reception: frozenset[Reception]
    exclusions: frozenset[Exclusion]
    par_feuille: int
    fixe: int
    points: int
    point: int
    fin_periode: str
    versement: str
    verse_du: str
    verse_au: str
    conditions: tuple[str, ...]
    complements: tuple[Complement, ...]
    commission: str
    note: str

    def paid_between(self, annee: int) -> tuple[date, date]:
        """The first and the last day on which what a year gives a right to is paid."""
        first, last = (tuple(int(part) for part in one.split("-")) for one in (self.verse_du, self.verse_au))
        return date(annee + 1, *first), date(annee + 1, *last)

    def period(self, annee: int) -> tuple[date, date]:
        """The first and the last day that count in a year."""
        last = date(annee, 12, 31)
        if annee == self.fin and self.fin_periode:
            month, day = (int(part) for part in self.fin_periode.split("-"))
            last = date(annee, month, day)
        return date(annee, 1, 1), last


@cache
def incitations() -> Mapping[str, Incitation]:
    """Every scheme, by name, in the order of the files. Raises `ValueError` on data that cannot be used."""
    found: dict[str, Incitation] = {}
    for path in resources.list_files(_FOLDER, ".toml"):
        for one in read_incitations(resources.read_text(path)):
            if one.nom in found:
                raise ValueError(f"scheme {one.nom} stands twice in schemas/{_FOLDER}")
            found[one.nom] = one
    return found


def read_incitations(text: str) -> Iterator[Incitation]:
    """The schemes that a TOML text states. Raises `ValueError`."""
    for nom, entry in tomllib.loads(text).items():
        if nom != CLE:
            yield _incitation(nom, entry)


def _incitation(nom: str, entry: Mapping[str, Any]) -> Incitation:
    if not set(entry) >= _KEYS or not set(entry) <= _KEYS | set(_OPTIONAL):
        raise ValueError(f"scheme {nom}: keys {sorted(_KEYS - set(entry))} missing, or unknown ones")
    said = {**_OPTIONAL, **entry}
    read = Incitation(
        nom=nom,
        **{
            **said,
            "seuil": Fraction(said["seuil"]),
            "bande": None if said["bande"] is None else Fraction(said["bande"]),
            "conditions": tuple(said["conditions"]),
            "complements": tuple(Complement(**one) for one in said["complements"]),
            **{key: frozenset(said[key]) for key in ("professions", "modes", "reception", "exclusions")},
        },
    )
    good = (
        read.professions <= set(PROFESSIONS)
        and read.unite in get_args(Unite)
        and read.reception <= set(get_args(Reception))
        and read.exclusions <= set(get_args(Exclusion))
        and read.regime in get_args(Regime)
        and read.confiance in CONFIANCES
        and 0 < read.seuil <= 1
        and (read.bande is None or 0 < read.bande < read.seuil)
        and (read.bande is None) == (not read.commission)
        and all(one.libelle and one.condition and one.montant > 0 for one in read.complements)
        and (read.fin is None or read.debut <= read.fin)
        and all((read.libelle, read.article, read.source, read.modes, read.reception))
    )
    if not good:
        raise ValueError(f"scheme {nom} cannot be used")
    return read
