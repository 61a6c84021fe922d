"""A statement against those already booked of its account: which of its movements are new, or what contradicts it.

A movement has no number of its own, and its labels differ from one format to the other. Two statements that cover one
day must give it the same movements, by amount: those that are known are taken as known, whatever their labels. The last
day of the statement that stops first may be unfinished: the other may add to it. So may the last day of both,
unless they are of one period; then their balances must say so: they start from the same one, or end at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fse.norm.model.releve import MouvementBancaire, ReleveBancaire, Solde

Days = Mapping[date, Counter[int]]
"""Of each day, its amounts and how many movements have each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveConnu:
    """A statement booked: the first day of its movements, its two balances."""

    premier_jour: date
    ouverture: Solde
    cloture: Solde


@dataclass(frozen=True, slots=True, kw_only=True)
class Jugement:
    """`nouveaux`: the movements to book, of which `jour_de` gives the day; `connus`: how many others have them already.

    `contredit`: the first and last day of which a booked statement says otherwise; then nothing is to be booked.
    `precedent`: the closing balance that this one should have opened with, when a statement is missing.
    """

    nouveaux: tuple[MouvementBancaire, ...] = ()
    connus: int = 0
    contredit: tuple[date, date] | None = None
    precedent: Solde | None = None


def jour_de(releve: ReleveBancaire, mouvement: MouvementBancaire) -> date:
    """The day of a movement among those of its statement: one that bears another day is of the nearest."""
    return max(releve.premier_jour, min(mouvement.date_operation, releve.cloture.jour))


def judge(releve: ReleveBancaire, connus: Sequence[ReleveConnu], booked: Iterable[tuple[date, int]]) -> Jugement:
    """What a statement brings. `connus`: those of its account; `booked`: day and amount of their movements."""
    known: dict[date, Counter[int]] = {}
    for day, amount in booked:
        known.setdefault(day, Counter())[amount] += 1
    given: dict[date, Counter[int]] = {}
    for one in releve.mouvements:
        given.setdefault(jour_de(releve, one), Counter())[one.montant] += 1
    shared: set[date] = set()
    unlike: list[ReleveConnu] = []
    alike = False
    for other in connus:
        if not _overlap(releve, other, known, given):
            continue
        days = _days(releve, other, known, given)
        if days is None:
            return Jugement(contredit=_common(releve, other))
        shared |= days
        if releve.cloture.jour == other.cloture.jour:
            same = _same_balances(releve, other, known, given)
            alike = alike or same
            unlike += [] if same else [other]
    if unlike and not alike:
        return Jugement(contredit=_common(releve, unlike[0]))
    left = {day: Counter(known.get(day, Counter())) for day in shared}
    new: list[MouvementBancaire] = []
    for one in releve.mouvements:
        day = jour_de(releve, one)
        if left.get(day, Counter())[one.montant] > 0:
            left[day][one.montant] -= 1
        else:
            new.append(one)
    return Jugement(
        nouveaux=tuple(new),
        connus=len(releve.mouvements) - len(new),
        precedent=_missing(releve, connus),
    )


def _days(releve: ReleveBancaire, other: ReleveConnu, known: Days, given: Days) -> set[date] | None:
    """The days that both give, `None` when they do not give the same."""
    first, last = _common(releve, other)
    days = {day for day in (*known, *given) if first <= day <= last}
    nothing: Counter[int] = Counter()
    grows, lacks = other.cloture.jour < releve.cloture.jour, releve.cloture.jour < other.cloture.jour
    if releve.premier_jour != other.premier_jour:
        grows, lacks = not lacks, not grows
    for day in days:
        before, now = known.get(day, nothing), given.get(day, nothing)
        if before == now:
            continue
        if not (day == last and ((grows and before <= now) or (lacks and now <= before))):
            return None
    return days


def _same_balances(releve: ReleveBancaire, other: ReleveConnu, known: Days, given: Days) -> bool:
    """Of two that close on one day: they end at the same balance, or start from the same one."""
    if releve.cloture.montant == other.cloture.montant:
        return True
    first, last = _common(releve, other)
    moved, booked = (
        sum(amount * count for day, held in days.items() if first <= day <= last for amount, count in held.items())
        for days in (given, known)
    )
    return releve.cloture.montant - moved == other.cloture.montant - booked


def _common(releve: ReleveBancaire, other: ReleveConnu) -> tuple[date, date]:
    """First and last day that both cover."""
    return max(releve.premier_jour, other.premier_jour), min(releve.cloture.jour, other.cloture.jour)


def _overlap(releve: ReleveBancaire, other: ReleveConnu, known: Days, given: Days) -> bool:
    first, last = _common(releve, other)
    return first <= last and not _follow(releve, other, known, given)


def _follow(releve: ReleveBancaire, other: ReleveConnu, known: Days, given: Days) -> bool:
    """One opens where the other closed, within one day: they share that day, and no movement."""
    if _chain(other.cloture, releve.ouverture, releve.premier_jour):
        return not _repeats(known, given, other.cloture.jour)
    if _chain(releve.cloture, other.ouverture, other.premier_jour):
        return not _repeats(given, known, releve.cloture.jour)
    return False


def _chain(closing: Solde, opening: Solde, first: date) -> bool:
    return closing.montant == opening.montant and first >= closing.jour and opening.jour >= closing.jour


def _repeats(before: Days, after: Days, day: date) -> bool:
    """What comes after opens the day anew: a day that comes to nothing closes where it opened, and its movements stand
    in both.
    """
    held = before.get(day, Counter())
    comes_to_nothing = sum(amount * count for amount, count in held.items()) == 0
    return bool(held) and comes_to_nothing and held <= after.get(day, Counter())


def _missing(releve: ReleveBancaire, connus: Sequence[ReleveConnu]) -> Solde | None:
    """The balance before, when it is not the one that this statement opens with; `None` when nothing is missing."""
    before = [one.cloture for one in connus if one.cloture.jour < releve.premier_jour]
    last = max(before, key=lambda solde: solde.jour, default=None)
    if last is None or Solde(last.jour, releve.ouverture.montant) in before:
        return None
    reached = any(one.premier_jour <= releve.premier_jour <= one.cloture.jour for one in connus)
    return None if reached else last
