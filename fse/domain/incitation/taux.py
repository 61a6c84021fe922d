"""The rate of télétransmission of a year in a scheme: exact, with every act or sheet in one list and one only.

activity = counted as FSE + not FSE + excluded. The rate is the first over the sum of the first two (regles.md C.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from fse.domain.incitation.feuilles import NON_RECUE, PAS_ENCORE, Acte, Feuille
from fse.norm.referentiels.incitations import Exclusion, Incitation

Verdict = Literal["atteint", "commission", "non-atteint", "sans-activite"]
"""At or above the threshold; in the band where the local commission may be asked; below; nothing that counts."""

Liste = Literal["fse", "autres", "exclues"]
"""Received as FSE; in the scope, and no received FSE; out of the scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unite:
    """What is counted: an act (`acte`), or a sheet (`acte` is `None`), with what became of it.

    `exclusion`: why it is out of the scope, `None` when it is in it; `cause`: why it is no FSE, "" when it is one.
    """

    feuille: Feuille
    acte: Acte | None
    date: date
    exclusion: Exclusion | None
    cause: str

    @property
    def liste(self) -> Liste:
        """The one list that it is in."""
        if self.exclusion is not None:
            return "exclues"
        return "autres" if self.cause else "fse"

    @property
    def nombre(self) -> int:
        """How many units it stands for: those that the line of an act bills, one for a sheet."""
        return 1 if self.acte is None else self.acte.quantite


@dataclass(frozen=True, slots=True, kw_only=True)
class Decompte:
    """The activity of a year in a scheme, from `debut` to `fin`, both included: up to the day of the count while the
    period runs. `recues`: the sheets that the fund received as FSE, whatever is excluded.
    """

    scheme: Incitation
    annee: int
    debut: date
    fin: date
    unites: tuple[Unite, ...]
    recues: int

    @property
    def exclues(self) -> tuple[Unite, ...]:
        return tuple(one for one in self.unites if one.liste == "exclues")

    @property
    def fse(self) -> tuple[Unite, ...]:
        return tuple(one for one in self.unites if one.liste == "fse")

    @property
    def autres(self) -> tuple[Unite, ...]:
        """In the scope, and no received FSE."""
        return tuple(one for one in self.unites if one.liste == "autres")

    @property
    def attendues(self) -> int:
        """FSE of the scope that were sent, and of which nothing proves yet that the fund received them."""
        return number(one for one in self.autres if one.cause == NON_RECUE)

    @property
    def pas_encore(self) -> int:
        """FSE of the scope that the fund may still receive: those, what is not sent yet, what it refused."""
        return number(one for one in self.autres if one.cause in PAS_ENCORE)

    @property
    def taux(self) -> Fraction | None:
        """`None` when nothing is in the scope."""
        return rate(number(self.fse), number(self.autres))

    @property
    def taux_si_recues(self) -> Fraction | None:
        """The rate that it would be, were every FSE received that awaits its proof; `None` as for the rate."""
        return rate(number(self.fse) + self.attendues, number(self.autres) - self.attendues)

    @property
    def en_cours(self) -> bool:
        """Whether the period still runs: the rate is that of a part of it."""
        return self.fin < self.scheme.period(self.annee)[1]

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.scheme, self.taux)

    @property
    def montant(self) -> int | None:
        """Centimes that the rate gives a right to; 0 below the threshold, in the band until the commission has spoken;
        `None` when the scheme has no amount of its own.
        """
        scheme = self.scheme
        if not (scheme.par_feuille or scheme.fixe or scheme.points):
            return None
        if self.verdict != "atteint":
            return 0
        return scheme.par_feuille * self.recues + scheme.fixe + scheme.points * scheme.point


def verdict_of(scheme: Incitation, taux: Fraction | None) -> Verdict:
    """Where an exact rate stands: rounding is for display only."""
    if taux is None:
        return "sans-activite"
    if taux >= scheme.seuil:
        return "atteint"
    return "commission" if scheme.bande is not None and taux >= scheme.bande else "non-atteint"


def number(unites: Iterable[Unite]) -> int:
    """How many units they stand for."""
    return sum(one.nombre for one in unites)


def rate(fse: int, autres: int) -> Fraction | None:
    """The share of FSE in what is in the scope, `None` when nothing is."""
    return Fraction(fse, fse + autres) if fse + autres else None


def count(scheme: Incitation, annee: int, feuilles: Iterable[Feuille], le: date) -> Decompte:
    """Every act, or sheet, of the period that a scheme measures in a year, up to a day, in the order given.

    An act counts by the day of its care; a sheet by that of its first one, and it is excluded when all its acts are.
    """
    debut, last = scheme.period(annee)
    fin = min(last, le)
    kept = [one for one in feuilles if any(debut <= acte.date_soins <= fin for acte in one.actes)]
    unites = [unite for one in kept for unite in _units(scheme, one) if debut <= unite.date <= fin]
    recues = sum(1 for one in kept if debut <= one.date <= fin and one.counts(scheme))
    return Decompte(scheme=scheme, annee=annee, debut=debut, fin=fin, unites=tuple(unites), recues=recues)


def _units(scheme: Incitation, feuille: Feuille) -> Iterator[Unite]:
    cause = feuille.why_not(scheme)
    reasons = [feuille.exclusion(scheme, acte) for acte in feuille.actes]
    if scheme.unite == "feuille":
        whole = reasons[0] if all(reasons) else None
        yield Unite(feuille=feuille, acte=None, date=feuille.date, exclusion=whole, cause=cause)
        return
    for acte, reason in zip(feuille.actes, reasons, strict=True):
        yield Unite(feuille=feuille, acte=acte, date=acte.date_soins, exclusion=reason, cause=cause)


def percent(taux: Fraction | None) -> str:
    """A rate as a French reader sees it, with two decimals, never rounded up to a threshold that it does not reach.

    >>> percent(Fraction(74999, 100000)), percent(Fraction(3, 4)), percent(None)
    ('74,99 %', '75,00 %', 'sans objet')
    """
    if taux is None:
        return "sans objet"
    hundredths = taux.numerator * 10_000 // taux.denominator
    return f"{hundredths // 100},{hundredths % 100:02d} %"
