"""Which fields of a return its counts and sums prove, and which nothing proves."""

from __future__ import annotations

from fse.norm.codec.checking import shared_fields
from fse.norm.codec.noemie.counting import PART_ENTITIES, is_withholding
from fse.norm.layout import Edition, EntityRow

_MOVEMENT = ("operation", "montant", "signe_montant")
_PROVED = {
    **dict.fromkeys(PART_ENTITIES, frozenset({"montant_rembourse", "signe_rembourse"})),
    "210": frozenset({"montant_rembourse", "signe_rembourse", "montant_alsace_moselle", "montant_complementaire"}),
    "250": frozenset(_MOVEMENT),
    "261": frozenset({"montant"}),
    "990": frozenset({"identification_niveau", "nombre", "somme", "signe_somme"}),
    "999": frozenset({"nombre_enregistrements", "nombre_lots", "total", "signe_total"}),
}
"""The fields that a count or a sum of the file proves, by entity; those of a 250 when it is a withholding."""


def uncovered_fields(edition: Edition) -> dict[str, list[str]]:
    """The fields that no count, no sum and no repetition in the file covers, by entity type."""
    head, tail = edition.layouts[edition.tete], edition.layouts[edition.pied]
    shared = frozenset(shared_fields(head, tail))
    found = {}
    for kind, layout in edition.layouts.items():
        covered = _PROVED.get(kind, frozenset()) | (shared if layout in (head, tail) else frozenset())
        found[kind] = [field.nom for field in layout.champs if field.is_input and field.nom not in covered]
    return found


class Coverage:
    """What one file holds that nothing in it proves."""

    def __init__(self) -> None:
        self._types: set[str] = set()
        self._other_movements = False

    def see(self, row: EntityRow) -> None:
        """Take note of an entity that its layout reads."""
        self._types.add(row.type)
        if row.type == "250" and not is_withholding(row):
            self._other_movements = True

    def missing(self, edition: Edition) -> str:
        """The fields that nothing covers, by type of entity seen, as a message says them."""
        fields = uncovered_fields(edition)
        zones = [f"{kind} ({', '.join(fields[kind])})" for kind in sorted(self._types) if fields[kind]]
        if self._other_movements:
            zones.append(f"250 hors retenue ({', '.join(_MOVEMENT)})")
        return " ; ".join(zones)
