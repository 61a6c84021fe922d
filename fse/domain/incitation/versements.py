"""Lump sums that are expected, and those that the returns announced (entities 261 and 262): which answers which.

No source gives the payment codes: who expects a payment says the codes that it bears. The method is ours. A received
sum may answer an expected one that has its code, in time: the period of its details when they state one, else its
accounting day, from the first day of payment to `RETARD` days after the last. Of those, it answers the one that lacks
exactly its amount, else the oldest that still lacks something. What is expected without a code is answered by the only
sum of exactly its amount, when that sum fits nothing else. Nothing is ever shared between two.

What is in force is served first. What only a draft states is owed by nobody: a sum that answers nothing may stand
beside it, to be compared, and stays among those that answer nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Fondement = Literal["en-vigueur", "a-verifier", "projet"]
"""What an expected amount rests on: a text or the file; a table that is not sure enough; a draft that nobody pays."""

RETARD = 92
"""Days after the last day of payment during which a sum without a period still answers: three months, our choice."""

Nature = Literal[
    "teletransmission", "performance", "ald", "pdsa-astreinte", "pdsa-regulation", "pdsa-garde", "sophia", "autre"
]
Etat = Literal[
    "a-venir",
    "attendu",
    "en-retard",
    "partiel",
    "solde",
    "trop-percu",
    "recu",
    "nul",
    "non-recu",
    "exercice",
    "en-regard",
]
"""Before its first day; until its last; past it with nothing; in part; exactly; more; received, nothing to compare; of
an amount of 0. Of an amount that is not sure: past its last day with nothing. Of a draft: nothing is owed. Of both:
sums to compare.
"""

Lien = Literal["periode", "montant", "code"]
"""Why a sum answers: the period of its details, its exact amount, its code alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendu:
    """A payment that is expected. `montant`: centimes, `None` when no source gives it.

    `debut` and `fin` bound what it pays for, `du` and `au` the days on which it is paid, all included. `codes`: payment
    codes that it may bear. `calcul`: how the amount is made, French.
    """

    nature: Nature
    libelle: str
    montant: int | None
    debut: date
    fin: date
    du: date
    au: date
    codes: frozenset[str]
    calcul: str
    fondement: Fondement


@dataclass(frozen=True, slots=True, kw_only=True)
class Recu:
    """A lump sum of a return, centimes. `debut`, `fin`: of its details, `None` when they state no period.

    `fichier`, `rang`: where it stands.
    """

    code: str
    montant: int
    le: date
    debut: date | None
    fin: date | None
    fichier: str
    rang: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suivi:
    """An expected payment with what answered it, and why each did; of a draft, what stands beside it."""

    attendu: Attendu
    recus: tuple[tuple[Recu, Lien], ...]
    etat: Etat

    @property
    def recu(self) -> int:
        return sum(one.montant for one, _ in self.recus)

    @property
    def ecart(self) -> int | None:
        """What was received less what is expected, `None` when no amount is."""
        return None if self.attendu.montant is None else self.recu - self.attendu.montant


@dataclass(frozen=True, slots=True, kw_only=True)
class Versements:
    """Every expected payment, in order; `autres`: the sums that answer none of them, those beside a draft too."""

    lignes: tuple[Suivi, ...]
    autres: tuple[Recu, ...]

    def total(self, fondement: Fondement) -> tuple[int, int]:
        """Expected and received over the payments whose amount is known, of those that rest on the same thing."""
        alike = (one for one in self.lignes if one.attendu.fondement == fondement)
        counted = [one for one in alike if one.attendu.montant is not None]
        return sum(one.attendu.montant or 0 for one in counted), sum(one.recu for one in counted)


def follow(attendus: Iterable[Attendu], recus: Iterable[Recu], le: date) -> Versements:
    """Which sum answers which expected payment, and how each stands on a day; sums of later days are not looked at."""
    lines = [Suivi(attendu=one, recus=(), etat="a-venir") for one in attendus]
    left = sorted((one for one in recus if one.le <= le), key=lambda one: (one.le, one.fichier, one.rang))
    for place in (_place_by_code, _place_by_amount):
        for fondement in _SERVIS:
            left = place(lines, left, fondement)
    beside = _place_by_code(lines, left, "projet")
    _place_by_amount(lines, beside, "projet")
    return Versements(lignes=tuple(replace(one, etat=_state(one, le)) for one in lines), autres=tuple(left))


_SERVIS: tuple[Fondement, ...] = ("en-vigueur", "a-verifier")
"""What takes a sum, in this order."""


def _place_by_code(lines: list[Suivi], sums: Sequence[Recu], fondement: Fondement) -> list[Recu]:
    """Put each sum in the line that it answers by its code, if any; the others, in the same order."""
    left = []
    for sum_ in sums:
        found = _answered(lines, sum_, fondement)
        if found is None:
            left.append(sum_)
            continue
        at, link = found
        lines[at] = replace(lines[at], recus=(*lines[at].recus, (sum_, link)))
    return left


def _place_by_amount(lines: list[Suivi], sums: Sequence[Recu], fondement: Fondement) -> list[Recu]:
    left = list(sums)
    for at, sum_ in _by_amount(lines, sums, fondement):
        lines[at] = replace(lines[at], recus=((sum_, "montant"),))
        left.remove(sum_)
    return left


def _open_to(lines: Sequence[Suivi], sum_: Recu, fondement: Fondement) -> list[int]:
    """The indexes of the lines of a kind that a sum comes in time for."""
    alike = (at for at, one in enumerate(lines) if one.attendu.fondement == fondement)
    return [at for at in alike if _in_time(lines[at].attendu, sum_)]


def _answered(lines: Sequence[Suivi], sum_: Recu, fondement: Fondement) -> tuple[int, Lien] | None:
    """By its code: the index of what a sum answers, and why."""
    fitting = [at for at in _open_to(lines, sum_, fondement) if sum_.code in lines[at].attendu.codes]
    fitting.sort(key=lambda at: lines[at].attendu.du)
    exact = [at for at in fitting if _lacks(lines[at]) == sum_.montant]
    short = [at for at in fitting if _lacks(lines[at])]
    if sum_.debut is not None and fitting:
        return (exact or short or fitting)[0], "periode"
    if exact:
        return exact[0], "montant"
    return (short[0], "code") if short else None


def _lacks(one: Suivi) -> int:
    """What an expected payment still lacks; without an amount, more than any sum while nothing came."""
    if one.attendu.montant is None:
        return 0 if one.recus else _UNKNOWN
    return max(0, one.attendu.montant - one.recu)


_UNKNOWN = 10**12
"""Above what the eight digits of a lump sum can hold."""


def _in_time(attendu: Attendu, sum_: Recu) -> bool:
    if sum_.debut is not None:
        return sum_.debut <= attendu.fin and attendu.debut <= (sum_.fin or sum_.debut)
    return attendu.du <= sum_.le <= attendu.au + timedelta(days=RETARD)


def _by_amount(lines: Sequence[Suivi], left: Sequence[Recu], fondement: Fondement) -> list[tuple[int, Recu]]:
    """Expected payments without a code, and the sum of their amount, where each fits the other alone."""
    pairs = [
        (at, sum_)
        for sum_ in left
        for at in _open_to(lines, sum_, fondement)
        if not lines[at].attendu.codes and lines[at].attendu.montant == sum_.montant
    ]
    return [
        (at, sum_)
        for at, sum_ in pairs
        if sum(1 for other, _ in pairs if other == at) == sum(1 for _, other in pairs if other is sum_) == 1
    ]


def _state(one: Suivi, le: date) -> Etat:
    attendu = one.attendu
    if attendu.fondement != "en-vigueur" and one.recus:
        return "en-regard"
    if attendu.fondement == "projet":
        return "exercice"
    if one.recus and one.ecart is None:
        return "recu"
    if one.recus and one.ecart is not None and one.ecart >= 0:
        return "trop-percu" if one.ecart else "solde"
    if one.recus:
        return "partiel"
    if not attendu.montant and attendu.montant is not None:
        return "nul"
    if le < attendu.du:
        return "a-venir"
    if le <= attendu.au:
        return "attendu"
    return "en-retard" if attendu.fondement == "en-vigueur" else "non-recu"
