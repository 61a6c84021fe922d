"""The code lists in force: those of the norm (`schemas/codes/<list>.csv`), completed by those of a practice.

A code is always asked at a date. What a practice says of a code replaces all that ours say of it. `PACKAGED` is ours
alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import TypeVar

from fse.base import resources
from fse.norm.referentiels.entries import (
    ZEROS,
    CauseArl,
    Code,
    CodeListError,
    Rejet,
    parse_causes,
    parse_codes,
    parse_rejets,
)

REJETS = "rejets"
"""The list of rejects, which says more than a label."""

CAUSES_ARL = "causes_arl"
"""The list of the causes of refusal of an ARL, which says more than a label too."""

FAMILLES = "famille_rejet"
"""The list of the families of rejects."""

_FOLDER = "codes"
_CROSS_TABLE = "depassements"
"""Beside the lists and none of them."""

_Entry = TypeVar("_Entry", bound=Code)


class CodeLists:
    """Code lists to ask at a date: ours, completed by `codes` (by name of list), `rejets` and `causes` (of ARL).

    Equal to itself only.
    """

    def __init__(
        self, codes: Mapping[str, Iterable[Code]], rejets: Iterable[Rejet], causes: Iterable[CauseArl] = ()
    ) -> None:
        self._codes = {liste: _by_code(entries) for liste, entries in codes.items()}
        self._rejets = _by_precision(rejets)
        self._causes = _by_code(causes)

    def code_at(self, liste: str, code: str, day: date) -> Code | None:
        """The code of a list at a date, `None` when it is not valid then. Raises `FileNotFoundError`: no such list."""
        added = self._codes.get(liste, {}).get(code)
        return _at(_packaged(liste).get(code, ()) if added is None else added, day)

    def label(self, liste: str, code: str, day: date) -> str:
        """The French label of a code at a date, the code itself when no list holds it."""
        known = self.code_at(liste, code, day) if code else None
        return known.libelle if known else code

    def rejet(self, code: str, precision: str, day: date) -> Rejet | None:
        """What is known at a date of a reject code (4 characters) and its precision (3 digits or "").

        Without a precision (entity 294 has no room for one) a code is the one listed, if there is but one. A precision
        that is not listed means what the code means without one, if that is listed.
        """
        known = _packaged_rejets().get(code, {}) | self._rejets.get(code, {})
        held = {key: entry for key, entries in known.items() if (entry := _at(entries, day))}
        if not precision and len(held) == 1:
            return next(iter(held.values()))
        return held.get(precision) or held.get("")

    def cause_arl(self, code: str, day: date) -> CauseArl | None:
        """What is known at a date of the cause that an ARL gives, `None` when no list holds it."""
        added = self._causes.get(code)
        return _at(_packaged_causes().get(code, ()) if added is None else added, day)

    def has_cause_arl(self, code: str) -> bool:
        """Whether a cause of ARL is listed, whatever its dates."""
        return code in _packaged_causes() or code in self._causes

    def has_rejet(self, code: str) -> bool:
        """Whether a reject code is listed, whatever its precision and dates."""
        return code in _packaged_rejets() or code in self._rejets


def list_names() -> tuple[str, ...]:
    """The names of our lists, sorted."""
    paths = resources.list_files(_FOLDER, ".csv")
    return tuple(name for path in paths if (name := path[len(_FOLDER) + 1 : -len(".csv")]) != _CROSS_TABLE)


def complete(texts: Mapping[str, str]) -> CodeLists:
    """Our lists completed by those of a practice: the CSV text of each, by name of list.

    Raises `CodeListError` on a name that is not one of our lists, a line that cannot be used, a code of another length
    than ours in a list where all have the same, a reject of a family that no list holds.
    """
    for liste in texts:
        if liste not in list_names():
            raise CodeListError(liste, 1, f"ce n'est pas une de nos listes ({', '.join(list_names())}).")
    codes = {liste: tuple(_codes(liste, text)) for liste, text in texts.items() if liste not in (REJETS, CAUSES_ARL)}
    families = {*_packaged(FAMILLES), *(one.code for one in codes.get(FAMILLES, ()))}
    rejets = tuple(_rejets(texts[REJETS], families)) if REJETS in texts else ()
    causes = tuple(one for _, one in parse_causes(CAUSES_ARL, texts[CAUSES_ARL])) if CAUSES_ARL in texts else ()
    return CodeLists(codes, rejets, causes)


def _codes(liste: str, text: str) -> Iterator[Code]:
    lengths = {len(code) for code in _packaged(liste)}
    for ligne, one in parse_codes(liste, text):
        if len(lengths) == 1 and len(one.code) not in lengths:
            raise CodeListError(liste, ligne, f"les codes de cette liste ont {lengths.pop()} caractères {ZEROS}.")
        yield one


def _rejets(text: str, families: set[str]) -> Iterator[Rejet]:
    for ligne, one in parse_rejets(REJETS, text):
        if one.famille not in families:
            raise CodeListError(REJETS, ligne, f"la famille est l'une de {', '.join(sorted(families))}.")
        yield one


def _at(entries: Iterable[_Entry], day: date) -> _Entry | None:
    for entry in entries:
        if (entry.debut is None or entry.debut <= day) and (entry.fin is None or day <= entry.fin):
            return entry
    return None


def _by_code(entries: Iterable[_Entry]) -> dict[str, tuple[_Entry, ...]]:
    known: dict[str, tuple[_Entry, ...]] = {}
    for entry in entries:
        known[entry.code] = (*known.get(entry.code, ()), entry)
    return known


def _by_precision(entries: Iterable[Rejet]) -> dict[str, dict[str, tuple[Rejet, ...]]]:
    known: dict[str, dict[str, tuple[Rejet, ...]]] = {}
    for entry in entries:
        precisions = known.setdefault(entry.code, {})
        precisions[entry.precision] = (*precisions.get(entry.precision, ()), entry)
    return known


@cache
def _packaged(liste: str) -> dict[str, tuple[Code, ...]]:
    return _by_code(entry for _, entry in parse_codes(liste, resources.read_text(f"{_FOLDER}/{liste}.csv")))


@cache
def _packaged_rejets() -> dict[str, dict[str, tuple[Rejet, ...]]]:
    text = resources.read_text(f"{_FOLDER}/{REJETS}.csv")
    return _by_precision(entry for _, entry in parse_rejets(REJETS, text))


@cache
def _packaged_causes() -> dict[str, tuple[CauseArl, ...]]:
    text = resources.read_text(f"{_FOLDER}/{CAUSES_ARL}.csv")
    return _by_code(entry for _, entry in parse_causes(CAUSES_ARL, text))


PACKAGED = CodeLists({}, ())
"""The lists that are shipped."""
