"""From the records of one CFONB statement to the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fse.base.identifiers import compte
from fse.norm.layout import Edition, EntityRow, Unparsed, Value
from fse.norm.layout.checks import is_negative_zero
from fse.norm.model.releve import MouvementBancaire, ReleveBancaire, Solde

EURO = "EUR"
"""The currency of a statement that names none."""

_MOVEMENT = "04"
_COMPLEMENT = "05"


def read_statement(edition: Edition, rows: Iterable[EntityRow]) -> ReleveBancaire | None:
    """The statement of these records; `None` when what it cannot do without does not read, or is not there."""
    assembly = Assembly(edition)
    for row in rows:
        assembly.add(row)
    return assembly.statement()


class Assembly:
    """A statement while its records go by."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._first: EntityRow | None = None
        self._balances: dict[str, Solde | None] = {}
        self._movements: list[MouvementBancaire] = []
        self._sound = True
        self._printed: list[str] = []
        self._full = False

    def add(self, row: EntityRow) -> None:
        """The next record. One that no layout reads makes the statement unsound: it may be a movement."""
        if row.layout is None:
            self._sound = False
            return
        self._first = self._first or row
        if row.type != _COMPLEMENT:
            self._join()
        if row.type in (self._edition.tete, self._edition.pied):
            jour, montant = row.valeurs["date_solde"], _amount(row.valeurs["solde"])
            self._balances[row.type] = Solde(jour, montant) if isinstance(jour, date) and montant is not None else None
        elif row.type == _MOVEMENT:
            self._movement(row)
        elif row.type == _COMPLEMENT and self._movements:
            last, text = self._movements[-1], _text(row.valeurs["complement_mouvement"])
            if text:
                self._movements[-1] = replace(last, libelles=(*last.libelles, text))
                self._printed.append(text)
            self._full = self._full or _fills(row, "complement_mouvement", text)

    def statement(self) -> ReleveBancaire | None:
        """The whole; `None` when something of it is missing."""
        opening, closing = (self._balances.get(type) for type in (self._edition.tete, self._edition.pied))
        if self._first is None or opening is None or closing is None or not self._sound:
            return None
        values = self._first.valeurs
        written = "".join(_text(values[name]) for name in ("banque", "guichet", "compte"))
        if not (account := compte.reduce(written)):
            return None
        return ReleveBancaire(
            compte=account,
            devise=_text(values["devise"]) or EURO,
            identifiant="",
            ouverture=opening,
            cloture=closing,
            mouvements=tuple(self._movements),
        )

    def _join(self) -> None:
        """End the labels of a movement: one that fills its zone may go on in the next, in the middle of a word."""
        if self._full and len(self._printed) > 1:
            last = self._movements[-1]
            self._movements[-1] = replace(last, libelles=(*last.libelles, "".join(self._printed)))
        self._printed, self._full = [], False

    def _movement(self, row: EntityRow) -> None:
        values = row.valeurs
        jour, valeur, montant = values["date_operation"], values["date_valeur"], _amount(values["montant"])
        if not isinstance(jour, date) or montant is None:
            self._sound = False
            return
        label = _text(values["libelle_mouvement"])
        self._printed, self._full = [label] if label else [], _fills(row, "libelle_mouvement", label)
        self._movements.append(
            MouvementBancaire(
                rang=row.rang,
                octet=row.octet,
                date_operation=jour,
                date_valeur=valeur if isinstance(valeur, date) else None,
                montant=montant,
                libelles=(label,) if label else (),
                reference=_text(values["reference_mouvement"]).strip(),
            )
        )


def _fills(row: EntityRow, champ: str, text: str) -> bool:
    """The text takes its whole zone."""
    return row.layout is not None and len(text) == row.layout.champ(champ).longueur


def _amount(value: Value) -> int | None:
    """Centimes; a zero with the sign of what is below is a zero."""
    if isinstance(value, Unparsed):
        return 0 if is_negative_zero(value) else None
    return value if isinstance(value, int) else None


def _text(value: Value) -> str:
    """A text as read; what holds a control code is kept without it."""
    if isinstance(value, Unparsed):
        return "".join(one if one.isprintable() else " " for one in value.brut).rstrip()
    return value if isinstance(value, str) else ""
