"""Counts and sums of a NOEMIE return, checked while its rows go by (noemie.md 1.3 bis).

How 990 and 999 count is our reading of the norm: on a file made by us (program `FSE` in its envelope) a mismatch is
an error that sets it aside, on any other it is a warning that says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, finding
from fse.base.identifiers.prestataire import reduce
from fse.norm.codec.checking import amount, envelope_differences, row_place, shared_fields, shown
from fse.norm.codec.noemie.fields import PARTS
from fse.norm.layout import Edition, EntityRow, FileEnd, Value

MADE_BY_US = "FSE"
_COUNTED = frozenset({"102", "250", "261"})
_PARTS = frozenset(entite for entite, _ in PARTS.values())
_LOTS_MAX = 1000
"""One more than three digits can announce: no need to remember more lots than that."""
_CONTROLLED = {
    **dict.fromkeys(_PARTS, frozenset({"montant_rembourse", "signe_rembourse"})),
    "990": frozenset({"identification_niveau", "nombre", "somme", "signe_somme"}),
    "999": frozenset({"nombre_enregistrements", "nombre_lots", "total", "signe_total"}),
}
"""The fields that a count or a sum of the file proves, by entity."""


def level_identification(ordinal: int) -> str:
    """Positions 6-22 of the 990 that closes the 071 of this ordinal in its file (from 1): our convention."""
    return f"071{ordinal:014d}"


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields that no count, no sum and no repetition in the file covers, by entity type."""
    head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
    shared = frozenset(shared_fields(head, tail))
    found = {}
    for kind, layout in edition.layouts.items():
        covered = _CONTROLLED.get(kind, frozenset()) | (shared if layout in (head, tail) else frozenset())
        found[kind] = [field.nom for field in layout.champs if field.is_input and field.nom not in covered]
    return found


class NoemieChecks:
    """Follows one logical file: the open 071 group, the sums of the file, the providers it names."""

    def __init__(self) -> None:
        self._head: EntityRow | None = None
        self._trailer: EntityRow | None = None
        self._group: EntityRow | None = None
        self._groups = 0
        self._count = self._sum = self._total = 0
        self._parts: set[str] = set()
        self._lots: set[tuple[str, Value, Value]] = set()
        self._names: dict[str, str] = {}

    def row(self, row: EntityRow) -> Iterator[Finding]:
        if row.layout is not None:
            yield from self._known(row)
        elif row.type in _COUNTED:
            self._counted(row)

    def end(self, end: FileEnd) -> Iterator[Finding]:
        yield from self._unclosed()
        row = self._trailer
        if row is None:
            return
        lots = len({lot for lot in self._lots if isinstance(lot[1], int)})
        yield from self._compare(row, "noemie.nombre", "nombre_enregistrements", end.enregistrements)
        yield from self._compare(row, "noemie.nombre", "nombre_lots", lots)
        yield from self._compare(row, "noemie.somme", "total", self._total)
        if self._head is not None and (different := list(envelope_differences(self._head, row))):
            yield self._mismatch("noemie.enveloppe", row, champs=", ".join(different))
        if end.edition is not None:
            fields = uncovered_fields(end.edition)
            zones = " ; ".join(f"{kind} ({', '.join(names)})" for kind, names in fields.items() if names)
            yield finding("noemie.non_couvert", row_place(row), zones=zones)

    def _known(self, row: EntityRow) -> Iterator[Finding]:
        values = row.valeurs
        if row.type == "000":
            self._head = row
            self._names = {"000": _text(values["numero_destinataire"])}
        elif row.type == "040":
            self._names = {"000": self._names.get("000", ""), "040": _text(values["beneficiaire_reglement"])}
        elif row.type == "071":
            yield from self._unclosed()
            self._groups += 1
            self._group = row
        elif row.type == "081":
            self._names["081"] = _text(values["lieu_execution"])
            yield from self._providers(row)
        elif row.type == "102":
            self._counted(row)
            self._parts = set()
            if len(self._lots) < _LOTS_MAX:
                self._lots.add((self._provider(), values["numero_lot"], values["date_lot"]))
        elif row.type in _PARTS:
            yield from self._part(row)
        elif row.type == "990":
            yield from self._close(row)
        elif row.type == "999":
            self._trailer = row

    def _counted(self, row: EntityRow) -> None:
        self._count += 1
        self._group = self._group or row

    def _part(self, row: EntityRow) -> Iterator[Finding]:
        """Money of one part. Two of the same part under one invoice: the invoice of the second was lost."""
        self._sum += amount(row.valeurs["montant_rembourse"])
        self._group = self._group or row
        if row.type in self._parts:
            yield finding("noemie.part_double", row_place(row), type=row.type)
        self._parts.add(row.type)

    def _close(self, row: EntityRow) -> Iterator[Finding]:
        announced = row.valeurs["identification_niveau"]
        expected = level_identification(self._groups)
        if announced != expected:
            yield self._mismatch("noemie.niveau", row, annonce=shown(announced), trouve=expected)
        group = f"virement n° {self._groups} : "
        yield from self._compare(row, "noemie.nombre", "nombre", self._count, group)
        yield from self._compare(row, "noemie.somme", "somme", self._sum, group)
        self._total += amount(row.valeurs["somme"])
        self._group = None
        self._count = self._sum = 0
        self._parts = set()

    def _unclosed(self) -> Iterator[Finding]:
        """The group that no 990 has closed before the next one or the end."""
        if self._group is not None:
            yield self._mismatch("noemie.cloture_absente", self._group)
        self._group = None
        self._count = self._sum = 0

    def _compare(self, row: EntityRow, code: str, nom: str, found: int, group: str = "") -> Iterator[Finding]:
        announced = row.valeurs[nom]
        if announced != found:
            label = row.layout.champ(nom).libelle if row.layout else nom
            yield self._mismatch(code, row, nom=f"{group}{label}", annonce=shown(announced), trouve=found)

    def _mismatch(self, code: str, row: EntityRow, **values: object) -> Finding:
        ours = self._head is not None and self._head.valeurs["programme_emetteur"] == MADE_BY_US
        return finding(code if ours else f"{code}_suppose", row_place(row), type=row.type, **values)

    def _provider(self) -> str:
        return next((reduce(self._names[key]) for key in ("081", "040", "000") if self._names.get(key)), "")

    def _providers(self, row: EntityRow) -> Iterator[Finding]:
        named = {reduce(name) for name in self._names.values() if name}
        if len(named) > 1:
            yield finding("noemie.prestataires_differents", row_place(row))


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
