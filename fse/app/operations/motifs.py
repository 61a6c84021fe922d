"""Why a payer rejects, in words that a practice understands: the label received, our cause and next action if known.

A code that no list holds is shown as it is, and gathered so that the practice can complete its own list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fse.app.operations.cabinet import Cabinet
from fse.base.dates import from_days
from fse.norm.referentiels import codification
from fse.norm.referentiels.codes import FAMILLES, REJETS

CONSEQUENCE = "consequence"
"""The family of the codes that only say that something else was rejected."""

DOUBLON = "doublon"
"""The family of the codes that say that the invoice is paid already."""

NIVEAUX = {"F": "facture", "L": "ligne", "A": "code affiné"}
"""Levels of a reject (entity 294, position 96)."""

ETATS = {"P": "payée", "R": "rejetée", "D": "différée", "": "non traitée"}
"""State of a part as a return says it (entities 198 and 199, position 14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotifRejet:
    """One reject. `libelle` is the payer's text; `cause` and `action` are ours, "" when the code is unknown to us.

    `precision` makes the code precise ("" when the payer gives none); `famille` is the French label of the family of
    causes, `famille_code` its code. `niveau` is F, L or A; `partie` O (compulsory or both) or C; `ligne` the ordinal of
    the line, `None` for the whole; `acte` the code of its act, "" when the payer gives none; `rang` the rank of the
    reject, which at level A is that of the refined code. `consequence`: it follows from another, to be corrected alone.
    """

    code: str
    precision: str
    libelle: str
    famille: str
    famille_code: str
    cause: str
    action: str
    niveau: str
    partie: str
    ligne: int | None
    acte: str
    rang: int | None
    consequence: bool = False


@dataclass(frozen=True, slots=True)
class RejetRecu:
    """One reject as a return prints it, on what day it counts, and the invoice that it hits."""

    jour: date
    codification: str
    libelle: str
    facture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejetInconnu:
    """A reject code that no list holds, and the numbers of the invoices that it hit.

    `libelle` is the payer's, "" when blank; `action` says where the practice can explain the code.
    """

    code: str
    precision: str
    libelle: str
    factures: tuple[int, ...]
    action: str


def motif_of(row: Mapping[str, Any], cabinet: Cabinet, else_day: date) -> MotifRejet:
    """The reject of one row `rejet` of `histoire_facture`. The payer's own label comes first; ours fills a blank.

    Lists are asked at the accounting date of the return, at `else_day` when it has none.
    """
    day = from_days(row["jour"]) if row["jour"] else else_day
    code, precision = codification.split(row["code"], row["libelle"])
    known = cabinet.listes.rejet(code, precision, day)
    famille = cabinet.listes.code_at(FAMILLES, known.famille, day) if known else None
    return MotifRejet(
        code=code,
        precision=precision,
        libelle=row["libelle"] or (known.libelle if known else "motif inconnu"),
        famille=famille.libelle if famille else "",
        famille_code=known.famille if known else "",
        cause=known.cause if known else "",
        action=known.action if known else "",
        niveau=row["niveau"],
        partie=row["partie"],
        ligne=row["numero_ligne"],
        acte=row["code_acte"],
        rang=row["ordre"],
    )


def told_apart(motifs: Sequence[MotifRejet]) -> tuple[MotifRejet, ...]:
    """The rejects of one invoice, root and consequence told apart; the roots come first.

    A code of the family `consequence` follows from any other reject; a reject of the whole complementary part follows
    from one of the whole compulsory part, which stands for both (noemie.md 2.3; notre choix).
    """
    rooted = any(motif.famille_code != CONSEQUENCE for motif in motifs)
    both = any((motif.niveau, motif.partie) == ("F", "O") for motif in motifs)
    told = [
        replace(
            motif,
            consequence=(motif.famille_code == CONSEQUENCE and rooted)
            or (both and (motif.niveau, motif.partie) == ("F", "C")),
        )
        for motif in motifs
    ]
    return tuple(sorted(told, key=lambda motif: motif.consequence))


def unknown_rejects(cabinet: Cabinet, rejets: Iterable[RejetRecu]) -> tuple[RejetInconnu, ...]:
    """The codes that no list of the practice holds, merged. A blank code is none."""
    return merge(_unknown(cabinet, rejets))


def merge(inconnus: Iterable[RejetInconnu]) -> tuple[RejetInconnu, ...]:
    """One entry a code and precision, in their order, with every invoice and the first label that is not blank."""
    found: dict[tuple[str, str], list[RejetInconnu]] = {}
    for one in inconnus:
        found.setdefault((one.code, one.precision), []).append(one)
    return tuple(
        replace(
            seen[0],
            libelle=next((one.libelle for one in seen if one.libelle), ""),
            factures=tuple(sorted({numero for one in seen for numero in one.factures})),
        )
        for _, seen in sorted(found.items())
    )


def _unknown(cabinet: Cabinet, rejets: Iterable[RejetRecu]) -> Iterator[RejetInconnu]:
    for one in rejets:
        code, precision = codification.split(one.codification, one.libelle)
        if code and cabinet.listes.rejet(code, precision, one.jour) is None:
            yield RejetInconnu(
                code=code,
                precision=precision,
                libelle=one.libelle,
                factures=(one.facture,),
                action=_where_to_complete(cabinet),
            )


def _where_to_complete(cabinet: Cabinet) -> str:
    if cabinet.dossier_codes is None:
        return (
            f"Les expliquer dans un fichier {REJETS}.csv à vous : indiquer son dossier dans cabinet.toml "
            '([codes], dossier = "codes"), avec les colonnes de notre liste.'
        )
    return f"Les expliquer dans {cabinet.dossier_codes / f'{REJETS}.csv'}."
