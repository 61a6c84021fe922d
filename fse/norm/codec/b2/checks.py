"""Counts, sums and keys of a B2 file, checked while its rows go by (b2.md 3.2 to 3.5, 3.20).

What the trailers count and add up is data: the table `controles` of the edition. Rows that no layout reads count too.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, finding
from fse.norm.codec.b2.numbers import number_findings
from fse.norm.codec.b2.tally import Tally
from fse.norm.codec.checking import envelope_differences, row_place, shared_fields, shown
from fse.norm.layout import Edition, EntityRow, FileEnd, Layout, Value

_KEY = ("prestataire", "nir", "cle_nir", "rang_beneficiaire", "numero_facture")
_KEYED = frozenset("2345")
"""What the type of a record that repeats the key of its invoice starts with."""
_COUNT_CODES = {"5": "b2.nombre_lignes", "6": "b2.nombre_lot", "999": "b2.nombre_fichier"}
_SUM_CODES = {"5": "b2.somme_facture", "6": "b2.somme_lot"}
"""The finding of a trailer that announces something else than what is recomputed."""


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields of the two envelopes that neither a count nor the other envelope covers, by record type.

    Between them every byte belongs to a lot: its seals locate a change there, its signature proves that there is none.
    """
    head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
    covered = {*shared_fields(head, tail), *edition.controles[edition.pied].nombres}
    return {
        layout.type: [field.nom for field in layout.champs if field.is_input and field.nom not in covered]
        for layout in (head, tail)
    }


class B2Checks:
    """Follows one logical file: what each trailer should announce, the open invoice, the open lot."""

    def __init__(self, edition: Edition) -> None:
        self._controls = edition.controles
        self._tally = Tally(edition.controles)
        self._head: EntityRow | None = None
        self._lot: EntityRow | None = None
        self._facture: EntityRow | None = None
        self._marks: set[Value] = set()

    def row(self, row: EntityRow) -> Iterator[Finding]:
        self._tally.add(row.type, row.valeurs)
        if row.layout is not None:
            yield from self._known(row, row.layout)
            yield from number_findings(row, row.layout)

    def end(self, end: FileEnd) -> Iterator[Finding]:
        return iter(())

    def _known(self, row: EntityRow, layout: Layout) -> Iterator[Finding]:
        self._note(row, layout)
        if row.type == "6":
            yield from self._same_lot(row)
        if row.type in self._controls:
            yield from self._announced(row, layout)
        if row.type == "6" and self._marks - {row.valeurs["marque"]}:
            yield finding("b2.marque_discordante", row_place(row))
        elif row.type == "999" and self._head is not None:
            if different := list(envelope_differences(self._head, row)):
                yield finding("b2.enveloppe", row_place(row), champs=", ".join(different))
        elif row.type[:1] in _KEYED:
            yield from self._same_invoice(row)

    def _note(self, row: EntityRow, layout: Layout) -> None:
        """What opens here."""
        if row.type == "000":
            self._head = row
        elif row.type == "1":
            self._lot, self._marks = row, set()
        elif row.type == "2":
            self._facture = row
            if "marque" in layout:
                self._marks.add(row.valeurs["marque"])

    def _announced(self, row: EntityRow, layout: Layout) -> Iterator[Finding]:
        """A finding for each count or sum of a trailer that is not the one recomputed."""
        control = self._controls[row.type]
        for champ, found in self._tally.of(row.type).items():
            announced = row.valeurs[champ]
            if announced != found:
                code = (_COUNT_CODES if champ in control.nombres else _SUM_CODES)[row.type]
                label = layout.champ(champ).libelle
                yield finding(code, row_place(row), nom=label, annonce=shown(announced), trouve=found)

    def _same_lot(self, row: EntityRow) -> Iterator[Finding]:
        header = self._lot
        if header is None or any(row.valeurs[name] != header.valeurs[name] for name in ("numero_lot", "prestataire")):
            yield finding("b2.lot_discordant", row_place(row))

    def _same_invoice(self, row: EntityRow) -> Iterator[Finding]:
        """A record of the open invoice repeats its key, of which a detail record holds a part."""
        header = self._facture
        if header is not None and any(
            row.valeurs[name] != header.valeurs[name] for name in _KEY if name in row.valeurs and name in header.valeurs
        ):
            yield finding("b2.cle_discordante", row_place(row), rang=header.rang)


checks_of = B2Checks
