"""Counts, marking and sense of an ARL, checked while its rows go by. The layout and all of its rules are ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fse.base.findings import Finding, finding
from fse.norm.codec.arl.reading import ACCUSE, read_accuse
from fse.norm.codec.checking import envelope_differences, row_place, shared_fields, shown
from fse.norm.layout import Edition, EntityRow, FileEnd, Value
from fse.norm.model import ModelError

NEGATIF = "N"
POSITIF = "P"
_SENS = {"positifs": POSITIF, "negatifs": NEGATIF}
"""The count of 999 that each sense has."""

_LOT = ("prestataire", "numero_lot", "date_lot")


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields that no count, and no repetition in the file, covers, by record type. An ARL has no signature."""
    head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
    shared = set(shared_fields(head, tail))
    covered = {head.type: shared, tail.type: {*shared, *edition.controles[tail.type].nombres, *_SENS}}
    return {
        type: [field.nom for field in layout.champs if field.is_input and field.nom not in covered.get(type, _PROVED)]
        for type, layout in edition.layouts.items()
    }


_PROVED = {"sens", "marque"}
"""What the envelope repeats, or counts, of a lot."""


class ArlChecks:
    """Follows one logical file: the lots that it names, each with what is said of it."""

    def __init__(self, edition: Edition) -> None:
        self._control = edition.controles[edition.pied]
        self._counts: Counter[str] = Counter()
        self._senses: Counter[Value] = Counter()
        self._head: EntityRow | None = None
        self._said: dict[tuple[Value, ...], Value] = {}

    def row(self, row: EntityRow) -> Iterator[Finding]:
        if row.type == self._control.ouvre:
            self._counts.clear()
        self._counts.update(self._control.counted_in(row.type))
        if row.layout is None:
            return
        if row.type == ACCUSE:
            yield from self._lot(row)
        elif row.type == self._control.ouvre:
            self._head = self._head or row
        elif self._head is not None:
            yield from self._trailer(row, self._head)

    def end(self, end: FileEnd) -> Iterator[Finding]:
        return iter(())

    def _lot(self, row: EntityRow) -> Iterator[Finding]:
        values = row.valeurs
        self._senses[values["sens"]] += 1
        try:
            read_accuse(row)
        except ModelError as error:
            yield finding("arl.lot_illisible", row_place(row), champ=error.attribut)
        if self._head is not None and values["marque"] != self._head.valeurs["marque"]:
            yield finding("arl.marque_discordante", row_place(row))
        if values["sens"] == NEGATIF and values["cause"] is None:
            yield finding("arl.sans_cause", row_place(row))
        if values["sens"] == POSITIF and values["numero_facture"] is not None:
            yield finding("arl.facture_en_trop", row_place(row), numero=shown(values["numero_facture"]))
        key = tuple(values[name] for name in (*_LOT, "fichier_accuse"))
        if self._said.setdefault(key, values["sens"]) != values["sens"]:
            yield finding("arl.lot_contredit", row_place(row), numero=shown(values["numero_lot"]))

    def _trailer(self, row: EntityRow, head: EntityRow) -> Iterator[Finding]:
        found = {champ: self._counts[champ] for champ in self._control.nombres}
        found |= {champ: self._senses[sens] for champ, sens in _SENS.items()}
        for champ, number in found.items():
            announced = row.valeurs[champ]
            if announced != number and row.layout is not None:
                label = row.layout.champ(champ).libelle
                yield finding("arl.nombre", row_place(row), nom=label, annonce=shown(announced), trouve=number)
        if different := list(envelope_differences(head, row)):
            yield finding("arl.enveloppe", row_place(row), champs=", ".join(different))


checks_of = ArlChecks
