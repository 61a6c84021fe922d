"""Counts and sums of a NOEMIE return, checked while its rows go by (noemie.md 1.3 bis).

How 990 and 999 count is our reading of the norm: on a file made by us (program `FSE` in its envelope) a mismatch is
an error that sets it aside, on any other it is a warning that says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.base.identifiers.prestataire import reduce
from fse.norm.layout import EntityRow, FileEnd, Value

MADE_BY_US = "FSE"
_COUNTED = frozenset({"102", "250", "261"})


def level_identification(ordinal: int) -> str:
    """Positions 6-22 of the 990 that closes the 071 of this ordinal in its file (from 1): our convention."""
    return f"071{ordinal:014d}"


def _amount(value: Value) -> int:
    return value if isinstance(value, int) else 0


class NoemieChecks:
    """Follows one logical file: the open 071 group, the sums of the file, the providers it names."""

    def __init__(self) -> None:
        self._ours = False
        self._groups = 0
        self._count = self._sum = self._total = 0
        self._lots: set[tuple[str, Value, Value]] = set()
        self._names: dict[str, str] = {}
        self._trailer: EntityRow | None = None

    def row(self, row: EntityRow) -> Iterator[Finding]:
        values = row.valeurs
        if row.type == "000":
            self._ours = values["programme_emetteur"] == MADE_BY_US
            self._names = {"000": _text(values["numero_destinataire"])}
        elif row.type == "040":
            self._names = {"000": self._names.get("000", ""), "040": _text(values["beneficiaire_reglement"])}
        elif row.type == "071":
            self._groups += 1
            self._count = self._sum = 0
        elif row.type == "081":
            self._names["081"] = _text(values["lieu_execution"])
            yield from self._providers(row)
        elif row.type == "102":
            self._lots.add((self._provider(), values["numero_lot"], values["date_lot"]))
        elif row.type in ("198", "199"):
            self._sum += _amount(values["montant_rembourse"])
        elif row.type == "990":
            yield from self._close(row)
        elif row.type == "999":
            self._trailer = row
        if row.type in _COUNTED:
            self._count += 1

    def end(self, end: FileEnd) -> Iterator[Finding]:
        row = self._trailer
        if row is None:
            return
        lots = len({lot for lot in self._lots if lot[1] is not None})
        for name, announced, found in (
            ("nombre d'enregistrements", row.valeurs["nombre_enregistrements"], end.enregistrements),
            ("nombre de lots", row.valeurs["nombre_lots"], lots),
        ):
            if announced != found:
                yield self._mismatch("noemie.nombre", row, nom=name, annonce=announced, trouve=found)
        if row.valeurs["total"] != self._total:
            yield self._mismatch(
                "noemie.somme", row, nom="total du fichier", annonce=row.valeurs["total"], trouve=self._total
            )
        yield finding("noemie.non_couvert", Place(rang=row.rang, octet=row.octet, type=row.type))

    def _close(self, row: EntityRow) -> Iterator[Finding]:
        values = row.valeurs
        if values["identification_niveau"] != level_identification(self._groups):
            yield self._mismatch(
                "noemie.niveau",
                row,
                annonce=values["identification_niveau"],
                trouve=level_identification(self._groups),
            )
        if values["nombre"] != self._count:
            yield self._mismatch(
                "noemie.nombre", row, nom="nombre de retours du virement", annonce=values["nombre"], trouve=self._count
            )
        if values["somme"] != self._sum:
            yield self._mismatch(
                "noemie.somme", row, nom="montant du virement", annonce=values["somme"], trouve=self._sum
            )
        self._total += _amount(values["somme"])

    def _mismatch(self, code: str, row: EntityRow, **values: object) -> Finding:
        place = Place(rang=row.rang, octet=row.octet, type=row.type)
        return finding(code if self._ours else f"{code}_suppose", place, type=row.type, **values)

    def _provider(self) -> str:
        return next((reduce(self._names[key]) for key in ("081", "040", "000") if self._names.get(key)), "")

    def _providers(self, row: EntityRow) -> Iterator[Finding]:
        named = {reduce(name) for name in self._names.values() if name}
        if len(named) > 1:
            yield finding("noemie.prestataires_differents", Place(rang=row.rang, octet=row.octet, type=row.type))


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
