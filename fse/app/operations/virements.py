"""What each transfer of a return holds besides invoices: lump sums, withholdings, what becomes of a debt.

Told as the file says it. Attaching a withholding to an invoice is another matter: entity 250 names none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from fse.app.operations.worklist.dettes import NATURES, OPERATIONS
from fse.norm.codec.checking import amount
from fse.norm.codec.noemie.counting import TRANSFERS, is_withholding
from fse.norm.layout import EntityRow, Value
from fse.norm.referentiels.codes import CodeLists


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementCreance:
    """One 250. `retenue`: `montant` is taken from the transfer (given back when negative); else it only tells.

    Centimes; `solde` is what remains due of the debt; `nature` and `libelle` are the French labels of its nature and of
    the operation, the code itself when no list holds it.
    """

    reference: str
    nature: str
    operation: str
    libelle: str
    retenue: bool
    date_creance: date | None
    montant: int
    solde: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forfait:
    """One 261, how many details (262) it has; centimes. What a detail says may name somebody: it stays in the file."""

    code: str
    montant: int
    details: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementAnnonce:
    """A transfer as its return announces it: `montant` is what its 990 states, `None` when it states nothing."""

    date_comptable: date | None
    libelles: tuple[str, str]
    montant: int | None
    forfaits: tuple[Forfait, ...]
    mouvements: tuple[MouvementCreance, ...]


@dataclass(slots=True)
class _Open:
    """A transfer while its entities go by."""

    row: EntityRow
    montant: int | None = None
    forfaits: list[Forfait] = field(default_factory=list)
    mouvements: list[MouvementCreance] = field(default_factory=list)

    def closed(self) -> VirementAnnonce:
        values = self.row.valeurs
        day = values["date_comptable"]
        return VirementAnnonce(
            date_comptable=day if isinstance(day, date) else None,
            libelles=(_text(values.get("libelle_virement_1")), _text(values.get("libelle_virement_2"))),
            montant=self.montant,
            forfaits=tuple(self.forfaits),
            mouvements=tuple(self.mouvements),
        )


def announced_transfers(rows: Iterable[EntityRow], listes: CodeLists, day: date) -> tuple[VirementAnnonce, ...]:
    """The transfers of one logical file, in order. Code lists are asked at its own dates, at `day` when it has none."""
    return tuple(one.closed() for one in _transfers(rows, listes, day))


def _transfers(rows: Iterable[EntityRow], listes: CodeLists, day: date) -> Iterator[_Open]:
    current: _Open | None = None
    for row in rows:
        if row.layout is None:
            continue
        if row.type in TRANSFERS:
            if current is not None:
                yield current
            current = _Open(row)
            stated = row.valeurs["date_comptable"]
            day = stated if isinstance(stated, date) else day
        elif current is not None:
            _add(current, row, listes, day)
    if current is not None:
        yield current


def _add(current: _Open, row: EntityRow, listes: CodeLists, day: date) -> None:
    values = row.valeurs
    if row.type == "990":
        stated = values["somme"]
        current.montant = stated if isinstance(stated, int) else None
    elif row.type == "250":
        current.mouvements.append(_movement(row, listes, day))
    elif row.type == "261":
        code = _text(values["code_paiement"])
        current.forfaits.append(Forfait(code=code, montant=amount(values["montant"]), details=0))
    elif row.type == "262" and current.forfaits:
        last = current.forfaits[-1]
        current.forfaits[-1] = replace(last, details=last.details + 1)


def _movement(row: EntityRow, listes: CodeLists, day: date) -> MouvementCreance:
    values = row.valeurs
    recorded = values["date_creance"]
    operation = _text(values["operation"])
    return MouvementCreance(
        reference=_text(values["reference_creance"]),
        nature=listes.label(NATURES, _text(values["nature_creance"]), day),
        operation=operation,
        libelle=listes.label(OPERATIONS, operation, day),
        retenue=is_withholding(row),
        date_creance=recorded if isinstance(recorded, date) else None,
        montant=amount(values["montant"]),
        solde=amount(values["solde"]),
    )


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
