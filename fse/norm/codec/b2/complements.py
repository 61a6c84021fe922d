"""The sub-records that the model carries, both ways: 2S (individual NIR), 2M (way to the AMC), 4S (conditions of an
act), 4M (CCAM details).

A sub-record is written only when it has something to say, so that what is read back is what was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from fse.norm.codec.b2 import fields
from fse.norm.codec.mapping import Decomposer, compose, values_of
from fse.norm.layout import EntityRow, Unparsed, Value
from fse.norm.model.complements import DetailCcam, RoutageAmc
from fse.norm.model.facture import ContratAmc, Facture, NirIndividuel, Prestation

_SHORT = 8
"""Characters of a member number that record 2 holds (105-112)."""
_LONG = 15
"""Digits of one that stands in 2M (72-86). That this zone is its place is our reading of the norm."""
_OWN = ("statut_executant", "reseau", "lieu_execution")
"""What a 4S says that its line does not; it repeats the agreement."""
MODIFICATEURS = tuple(f"modificateur_{rang}" for rang in range(1, 5))
DENTS = tuple(f"dent_{rang}" for rang in range(1, 17))
_CONDITIONS = Decomposer(fields.CONDITIONS)

Record = tuple[str, dict[str, Value]]


def header_complements(facture: Facture) -> Iterator[Record]:
    """The records 2S and 2M of an invoice, each with its own values, in their order."""
    if facture.beneficiaire.nir_individuel is not None:
        yield "2S", values_of(facture.beneficiaire.nir_individuel, fields.NIR_INDIVIDUEL)
    amc = facture.amc
    if amc is not None and (amc.routage is not None or is_long(amc)):
        member = (amc.numero_adherent or "").zfill(_LONG) if is_long(amc) else None
        routed = values_of(amc.routage, fields.ROUTAGE) if amc.routage else {}
        yield "2M", {"numero_amc": amc.numero_amc, "identifiant_amc": member, **routed}


def line_complements(prestation: Prestation) -> Iterator[Record]:
    """The record 4S of a line, then its 4M, numbered from 1."""
    conditions = _CONDITIONS(prestation)
    if any(conditions[champ] is not None for champ in _OWN):
        yield "4S", conditions
    for rang, detail in enumerate(prestation.details_ccam, start=1):
        letters = dict(zip(MODIFICATEURS, detail.modificateurs or "", strict=False))
        dents = detail.dents or ""
        teeth = dict(zip(DENTS, (dents[start : start + 2] for start in range(0, len(dents), 2)), strict=False))
        yield "4M", {"sequence": rang, **values_of(detail, fields.DETAIL_CCAM), **letters, **teeth}


def is_long(amc: ContratAmc) -> bool:
    """The member number does not fit in record 2."""
    return amc.numero_adherent is not None and len(amc.numero_adherent) > _SHORT


def complete_facture(facture: Facture, rows: Iterable[EntityRow]) -> Facture:
    """The invoice of a record 2, completed by its 2S and 2M. Raises `ModelError`."""
    for row in rows:
        if row.type == "2S" and row.valeurs["nir_individuel"] is not None:
            own = compose(NirIndividuel, fields.NIR_INDIVIDUEL, row.valeurs)
            facture = replace(facture, beneficiaire=replace(facture.beneficiaire, nir_individuel=own))
        elif row.type == "2M" and facture.amc is not None:
            facture = replace(facture, amc=_complete_amc(facture.amc, row.valeurs))
    return facture


def read_details(rows: Iterable[EntityRow]) -> tuple[DetailCcam, ...]:
    """The CCAM details among the sub-records of a line. Raises `ModelError`."""
    return tuple(_detail(row.valeurs) for row in rows if row.type == "4M")


def read_conditions(rows: Iterable[EntityRow]) -> Mapping[str, Value]:
    """What the 4S among the sub-records of a line says besides the line, by attribute of the model."""
    row = next((one for one in rows if one.type == "4S"), None)
    if row is None:
        return {}
    said = {champ: row.valeurs[champ] for champ in _OWN}
    return {
        fields.CONDITIONS[champ]: None if isinstance(value, Unparsed) and value.is_blank else value
        for champ, value in said.items()
    }


def _complete_amc(amc: ContratAmc, values: Mapping[str, Value]) -> ContratAmc:
    routed = any(values[champ] is not None for champ in fields.ROUTAGE)
    member = values["identifiant_amc"]
    long = member.lstrip("0") if isinstance(member, str) else None
    return replace(
        amc,
        numero_adherent=amc.numero_adherent or long,
        routage=compose(RoutageAmc, fields.ROUTAGE, values) if routed else None,
    )


def _detail(values: Mapping[str, Value]) -> DetailCcam:
    return compose(
        DetailCcam,
        fields.DETAIL_CCAM,
        values,
        modificateurs=_joined(values, MODIFICATEURS),
        dents=_joined(values, DENTS),
    )


def _joined(values: Mapping[str, Value], champs: tuple[str, ...]) -> str | None:
    """The texts of repeated fields in one; what does not read makes the model refuse it."""
    return "".join(str(values[champ]) for champ in champs if values[champ] is not None) or None
