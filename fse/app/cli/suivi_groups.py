"""What `fse suivi` says first and last: a line that counts what is to do, then each group, by date, what waits last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fse.app.cli.transmission_output import STATES, first_deadline, print_state
from fse.app.operations.suivi import Suivi
from fse.app.operations.transmission.lots import LotTransmis
from fse.app.operations.worklist.taches import TO_SEND, WAITING, Tache
from fse.base.french import counted

_WAITS = "accuse_attendu"
_COUNTED = (
    (frozenset({"a_envoyer", "renvoi_a_envoyer"}), "à envoyer"),
    (frozenset({"a_signer"}), "à signer"),
    (frozenset({"sans_accuse", "refuse"}), "à relancer"),
)
"""What is counted by lots, and its words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Something to print: `waits` when it asks for nothing, `until` its last day in time, `date.max` without one."""

    waits: bool
    until: date
    show: Callable[[], None]


def in_order(groups: Iterable[Group]) -> list[Group]:
    """What asks for something first, by date; what only waits last."""
    return sorted(groups, key=lambda one: (one.waits, one.until))


def lot_groups(result: Suivi) -> Iterator[Group]:
    """The lots, state by state."""
    for state in STATES:
        lots = [lot for lot in result.transmissions if lot.transmission.etat == state]
        if lots:
            yield Group(state == _WAITS, first_deadline(lots) or date.max, _shown(lots, result.le))


def task_groups(result: Suivi, show: Callable[[str, list[Tache]], None]) -> Iterator[Group]:
    """The tasks, label by label; those of a lot that is told are told with it."""
    own = [tache for tache in result.taches if not tache.lot]
    for libelle, found in groupby(own, key=lambda tache: tache.libelle):
        taches = list(found)
        waits = taches[0].nature in WAITING - TO_SEND
        until = min((day for tache in taches if (day := _until(tache))), default=date.max)
        yield Group(waits, until, _told(show, libelle, taches))


def to_do(result: Suivi) -> str:
    """All that is to do, counted; "" when nothing is."""
    parts = list(_of_lots(result.transmissions, result.le))
    own = [tache for tache in result.taches if not tache.lot]
    sheets = [tache for tache in own if tache.nature in TO_SEND]
    parts += _part(counted(len(sheets), "feuille"), "à émettre", _first(sheets), result.le) if sheets else []
    others = sum(tache.nature not in WAITING for tache in own)
    if others:
        parts.append(f"{counted(others, 'autre') if parts else others} à traiter")
    if result.obligations:
        parts.append(f"{counted(len(result.obligations), 'obligation')} à remplir")
    return ", ".join(parts)


def _of_lots(lots: Sequence[LotTransmis], le: date) -> Iterator[str]:
    for states, words in _COUNTED:
        found = [lot for lot in lots if lot.transmission.etat in states]
        if found:
            yield from _part(counted(len(found), "lot"), words, first_deadline(found), le)
    redo = sum(len(lot.transmission.nommees) for lot in lots if lot.transmission.etat == "a_refaire")
    if redo:
        yield f"{counted(redo, 'facture')} à corriger"
    paper = sum(len(lot.transmission.a_editer) for lot in lots)
    if paper:
        yield f"{counted(paper, 'duplicata')} à éditer"


def _part(what: str, words: str, until: date | None, le: date) -> list[str]:
    when = "" if until is None else " (en retard)" if until < le else f" (jusqu'au {until:%d/%m})"
    return [f"{what} {words}{when}"]


def _first(taches: Iterable[Tache]) -> date | None:
    return min((day for tache in taches if (day := _until(tache))), default=None)


def _until(tache: Tache) -> date | None:
    """The last day to do what a task asks for."""
    if tache.nature in TO_SEND:
        return tache.echeance.le if tache.echeance else None
    return tache.forclusion if tache.nature == "creance_a_contester" else None


def _shown(lots: Sequence[LotTransmis], le: date) -> Callable[[], None]:
    return lambda: print_state(lots, le)


def _told(show: Callable[[str, list[Tache]], None], libelle: str, taches: list[Tache]) -> Callable[[], None]:
    return lambda: show(libelle, taches)
