"""The numbers of a record that carry a key or a date of their own: those that cannot be right are told, never refused.

Each is checked where it first stands: the prestataire in the head of its lot, the insured in the head of the invoice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from fse.base.findings import Finding, finding
from fse.base.identifiers import accident, nir, prestataire, rpps, siret
from fse.norm.codec.checking import row_place
from fse.norm.layout import EntityRow, Field, Layout
from fse.norm.layout.checks import field_place

_professional = lru_cache(maxsize=4096)(prestataire.problem)
"""Few professionals stand in many records. What names a patient is not kept."""

_NUMBERS: dict[str, Callable[[str], str | None]] = {
    "prescripteur": _professional,
    "executant": _professional,
    "remplacant": _professional,
    "medecin_traitant": _professional,
    "rpps_prescripteur": rpps.problem,
    "rpps_executant": rpps.problem,
    "accident": accident.problem,
    "siret": siret.problem,
    "siret_1": siret.problem,
    "siret_2": siret.problem,
}
"""What checks a number, by the name of its field, in any record."""

_Check = tuple[Field, Callable[[str], str | None]]


def number_findings(row: EntityRow, layout: Layout) -> Iterator[Finding]:
    """Findings on the numbers of one row. Zeros are no number."""
    for field, problem in _numbers(layout):
        value = row.valeurs[field.nom]
        raison = problem(value) if isinstance(value, str) and value.strip("0") else None
        if raison:
            yield _finding(row, layout, field, raison)
    for field, cle in _nirs(layout):
        value, key = row.valeurs[field.nom], row.valeurs[cle]
        if isinstance(value, str) and isinstance(key, str) and value.strip("0"):
            raison = nir.problem(value, key)
            if raison:
                yield _finding(row, layout, field, raison)


@lru_cache(maxsize=256)
def _numbers(layout: Layout) -> tuple[_Check, ...]:
    found = [(layout.champ(nom), problem) for nom, problem in _NUMBERS.items() if nom in layout]
    if layout.type == "1":
        found.append((layout.champ("prestataire"), _professional))
    return tuple(found)


@lru_cache(maxsize=256)
def _nirs(layout: Layout) -> tuple[tuple[Field, str], ...]:
    pairs = [("nir_individuel", "cle_nir_individuel")]
    if layout.type == "2":
        pairs.append(("nir", "cle_nir"))
    return tuple((layout.champ(nom), cle) for nom, cle in pairs if nom in layout)


def _finding(row: EntityRow, layout: Layout, field: Field, raison: str) -> Finding:
    place = field_place(row_place(row), field, layout.raw(row.brut, field))
    return finding("champ.numero_faux", place, champ=field.libelle or field.nom, type=row.type, raison=raison)
