"""The relation of one entity of a return, derived from its layout: no column is written twice.

What personal data an entity holds stays out of the relations (architecture, decision 11).
"""

from __future__ import annotations

from fse.domain.reconciliation.relations import Column, Relation, Role
from fse.norm.layout import Layout

_TYPES = {
    "texte": "text",
    "code": "text",
    "chiffres": "text",
    "signe": "text",
    "entier": "bigint",
    "montant": "bigint",
    "decimal": "bigint",
    "date": "bigint",
}
_PLACE = (
    Column("cabinet", "text", False),
    Column("fichier", "text", False),
    Column("rang", "bigint", False),
    Column("rang_parent", "bigint", False),
    Column("octet", "bigint", False),
)
_SAID_ELSEWHERE = frozenset({"type", "niveau", "terminateur"})


def entity_relation(layout: Layout) -> Relation:
    """The relation `noemie_<type>`: its place, then its fields in order, all of which may be null.

    `fichier` is the digest of the logical file, `rang` is 1-based in it, `rang_parent` is 0 when there is none. Amounts
    are signed, dates are days since 1970-01-01, decimals are scaled to whole numbers; what does not read is null.
    Left out: fillers, type, level, terminator, and fields that are personal.
    """
    columns = tuple(
        Column(field.nom, _TYPES[field.genre], True)
        for field in layout.champs
        if not field.is_filler and not field.personnel and field.nom not in _SAID_ELSEWHERE
    )
    return Relation(f"noemie_{layout.type}", Role.ENTITE, _PLACE + columns, ("cabinet", "fichier", "rang"))
