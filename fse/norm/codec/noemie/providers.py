"""Whose money a return line is: the prestataire that the entities above it name (noemie.md 1.3 bis)."""

from __future__ import annotations

from fse.base.identifiers.prestataire import reduce
from fse.norm.layout import EntityRow

FIELDS = {"000": "numero_destinataire", "040": "beneficiaire_reglement", "081": "lieu_execution"}
"""Fields that name a prestataire, the least precise first."""

KEPT = {
    "000": (),
    "020": ("000",),
    "040": ("000",),
    **dict.fromkeys(("070", "071", "080", "081"), ("000", "040")),
}
"""What stays named above an entity that opens a level."""

RECIPIENT = "000"
"""Who concentrates files is no prestataire: what it names then differs from nothing."""

PLACES = frozenset({"080", "081"})
"""Under these the names that stand above are compared."""

NAMING = frozenset(KEPT)
"""The entities to show to `Providers.see`."""


class Providers:
    """The names that stand above the entity that goes by: recipient, payee, place of the act."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self.numero = ""
        """The prestataire: the most precise name there is, on 9 characters; `''` when there is none."""

    def see(self, row: EntityRow) -> None:
        """Take note of an entity of `NAMING`."""
        self._names = {name: self._names[name] for name in KEPT[row.type] if name in self._names}
        value = row.valeurs[FIELDS[row.type]] if row.type in FIELDS else None
        if isinstance(value, str) and value.strip():
            self._names[row.type] = value.strip()
        self.numero = reduce(self._names[max(self._names)]) if self._names else ""

    @property
    def differ(self) -> bool:
        """True when two of the names are not of one prestataire; who concentrates files is none, and may be any."""
        named = {type: reduce(name) for type, name in self._names.items()}
        if not named.get(RECIPIENT, ""):
            named.pop(RECIPIENT, None)
        return len(set(named.values())) > 1
