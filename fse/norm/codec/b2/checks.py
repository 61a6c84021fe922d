"""Counts, sums and keys of a B2 file, checked while its rows go by (b2.md 3.4, 3.20, 4)."""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.norm.layout import EntityRow, FileEnd, Value

_KEY = ("prestataire", "nir", "cle_nir", "numero_facture")
_TOTALS = ("total_honoraires", "total_amo", "total_amc")


def _amount(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _place(row: EntityRow) -> Place:
    return Place(rang=row.rang, octet=row.octet, type=row.type)


class B2Checks:
    """Follows one logical file: the open invoice, the open lot, the counts of the file."""

    def __init__(self) -> None:
        self._records = 0
        self._lots = 0
        self._open_lot(None)
        self._open_facture(None)

    def row(self, row: EntityRow) -> Iterator[Finding]:
        self._records += 1
        kind = row.type[:1] if row.type not in ("000", "999") else row.type
        if kind == "1":
            self._lots += 1
            self._open_lot(row)
        elif kind == "2":
            self._headers += 1
            if row.type == "2":
                self._open_facture(row)
        elif kind == "4":
            self._lines += 1
            if row.type == "4":
                self._facture_lines += 1
                self._add(self._facture_sums, row, ("honoraires", "montant_amo", "montant_amc"))
        elif kind == "5":
            self._trailers += 1
            yield from self._trailer(row)
            self._add(self._lot_sums, row, _TOTALS)
        elif kind == "6":
            yield from self._lot_trailer(row)
        elif kind == "999":
            yield from self._file_trailer(row)
        if kind in ("2", "4", "5"):
            yield from self._keys(row)

    def end(self, end: FileEnd) -> Iterator[Finding]:
        return iter(())

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

    @staticmethod
    def _add(sums: list[int], row: EntityRow, names: tuple[str, str, str]) -> None:
        for index, name in enumerate(names):
            sums[index] += _amount(row.valeurs[name])

    def _keys(self, row: EntityRow) -> Iterator[Finding]:
        header = self._facture
        if header is not None and any(row.valeurs[name] != header.valeurs[name] for name in _KEY):
            yield finding("b2.cle_discordante", _place(row), rang=header.rang)

    def _trailer(self, row: EntityRow) -> Iterator[Finding]:
        if row.valeurs["nombre_lignes"] != self._facture_lines:
            yield finding(
                "b2.nombre_lignes", _place(row), annonce=row.valeurs["nombre_lignes"], trouve=self._facture_lines
            )
        fees, amo, _ = self._facture_sums
        expected = dict(zip(_TOTALS, self._facture_sums, strict=True)) | {"part_assure": fees - amo}
        for name, total in expected.items():
            if row.valeurs[name] != total:
                yield finding("b2.somme_facture", _place(row), nom=name, annonce=row.valeurs[name], trouve=total)

    def _lot_trailer(self, row: EntityRow) -> Iterator[Finding]:
        header = self._lot
        if header is None or any(row.valeurs[name] != header.valeurs[name] for name in ("numero_lot", "prestataire")):
            yield finding("b2.lot_discordant", _place(row))
        counts = {
            "nombre_factures": self._trailers,
            "nombre_lignes": self._lines,
            "nombre_entetes": self._headers,
            "nombre_totaux": self._trailers,
        }
        for name, count in counts.items():
            if row.valeurs[name] != count:
                yield finding("b2.nombre_lot", _place(row), nom=name, annonce=row.valeurs[name], trouve=count)
        for name, total in zip(_TOTALS, self._lot_sums, strict=True):
            if row.valeurs[name] != total:
                yield finding("b2.somme_lot", _place(row), nom=name, annonce=row.valeurs[name], trouve=total)
        if self._marks - {row.valeurs["marque"]}:
            yield finding("b2.marque_discordante", _place(row))

    def _file_trailer(self, row: EntityRow) -> Iterator[Finding]:
        counts = {"nombre_enregistrements": self._records, "nombre_lots": self._lots}
        for name, count in counts.items():
            if row.valeurs[name] != count:
                yield finding("b2.nombre_fichier", _place(row), nom=name, annonce=row.valeurs[name], trouve=count)
