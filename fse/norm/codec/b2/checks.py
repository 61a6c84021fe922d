"""Counts, sums and keys of a B2 file, checked while its rows go by (b2.md 3.2 to 3.5, 3.20).

Rows that no layout reads count too: the trailers count records by their first character, sub-types included.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, finding
from fse.norm.codec.checking import amount, envelope_differences, row_place, shared_fields, shown
from fse.norm.layout import Edition, EntityRow, FileEnd, Value

_KEY = ("prestataire", "nir", "cle_nir", "numero_facture")
_TOTALS = ("total_honoraires", "total_amo", "total_amc")
_COUNTS = frozenset({"nombre_enregistrements", "nombre_lots"})


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields of the two envelopes that neither a count nor the other envelope covers, by record type.

    Between them every byte belongs to a lot: its seals locate a change there, its signature proves that there is none.
    """
    head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
    covered = {*shared_fields(head, tail), *_COUNTS}
    return {
        layout.type: [field.nom for field in layout.champs if field.is_input and field.nom not in covered]
        for layout in (head, tail)
    }


class B2Checks:
    """Follows one logical file: the open invoice, the open lot, the counts of the file."""

    def __init__(self) -> None:
        self._head: EntityRow | None = None
        self._records = 0
        self._lots = 0
        self._open_lot(None)
        self._open_facture(None)

    def row(self, row: EntityRow) -> Iterator[Finding]:
        self._records += 1
        self._headers += row.type[:1] == "2"
        self._lines += row.type[:1] == "4"
        self._trailers += row.type[:1] == "5"
        if row.layout is not None:
            yield from self._known(row)

    def end(self, end: FileEnd) -> Iterator[Finding]:
        return iter(())

    def _known(self, row: EntityRow) -> Iterator[Finding]:
        if row.type == "000":
            self._head = row
        elif row.type == "999":
            yield from self._file_trailer(row)
        elif row.type == "1":
            self._lots += 1
            self._open_lot(row)
        elif row.type == "6":
            yield from self._lot_trailer(row)
        elif row.type[:1] in ("2", "4", "5"):
            yield from self._facture_row(row)

    def _open_lot(self, header: EntityRow | None) -> None:
        self._lot = header
        self._headers = self._lines = self._trailers = 0
        self._lot_sums = [0, 0, 0]
        self._marks: set[Value] = set()

    def _open_facture(self, header: EntityRow | None) -> None:
        self._facture = header
        self._facture_lines = 0
        self._facture_sums = [0, 0, 0]
        if header is not None:
            self._marks.add(header.valeurs["marque"])

    def _facture_row(self, row: EntityRow) -> Iterator[Finding]:
        if row.type == "2":
            self._open_facture(row)
        elif row.type == "4":
            self._facture_lines += 1
            _add(self._facture_sums, row, ("honoraires", "montant_amo", "montant_amc"))
        elif row.type == "5":
            yield from self._trailer(row)
            _add(self._lot_sums, row, _TOTALS)
        header = self._facture
        if header and any(row.valeurs[name] != header.valeurs[name] for name in _KEY):
            yield finding("b2.cle_discordante", row_place(row), rang=header.rang)

    def _trailer(self, row: EntityRow) -> Iterator[Finding]:
        yield from _compare(row, "b2.nombre_lignes", {"nombre_lignes": self._facture_lines})
        fees, amo, _ = self._facture_sums
        sums = dict(zip(_TOTALS, self._facture_sums, strict=True)) | {"part_assure": fees - amo}
        yield from _compare(row, "b2.somme_facture", sums)

    def _lot_trailer(self, row: EntityRow) -> Iterator[Finding]:
        header = self._lot
        if header is None or any(row.valeurs[name] != header.valeurs[name] for name in ("numero_lot", "prestataire")):
            yield finding("b2.lot_discordant", row_place(row))
        counts = {
            "nombre_factures": self._trailers,
            "nombre_lignes": self._lines,
            "nombre_entetes": self._headers,
            "nombre_totaux": self._trailers,
        }
        yield from _compare(row, "b2.nombre_lot", counts)
        yield from _compare(row, "b2.somme_lot", dict(zip(_TOTALS, self._lot_sums, strict=True)))
        if self._marks - {row.valeurs["marque"]}:
            yield finding("b2.marque_discordante", row_place(row))

    def _file_trailer(self, row: EntityRow) -> Iterator[Finding]:
        counts = {"nombre_enregistrements": self._records, "nombre_lots": self._lots}
        yield from _compare(row, "b2.nombre_fichier", counts)
        if self._head is not None and (different := list(envelope_differences(self._head, row))):
            yield finding("b2.enveloppe", row_place(row), champs=", ".join(different))


def _add(sums: list[int], row: EntityRow, names: tuple[str, str, str]) -> None:
    for index, name in enumerate(names):
        sums[index] += amount(row.valeurs[name])


def _compare(row: EntityRow, code: str, expected: dict[str, int]) -> Iterator[Finding]:
    """A finding for each count or sum of a trailer that is not the one recomputed."""
    for name, found in expected.items():
        if row.valeurs[name] != found and row.layout is not None:
            label = row.layout.champ(name).libelle
            yield finding(code, row_place(row), nom=label, annonce=shown(row.valeurs[name]), trouve=found)
