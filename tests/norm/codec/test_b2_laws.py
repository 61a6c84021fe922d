"""The law of the model: an invoice, a lot header and an envelope read back from their bytes are what was built.

`Facture` holds exactly what the records 2, 2S, 2M, 4, 4M and 5 carry. The values tried are those that the model
admits, then, one at a time, the extremes that each field of the layout can write: what the model refuses is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from fse.base.errors import BuildError
from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.building import build_facture, build_file, build_lot, freeze_facture
from fse.norm.codec.b2.reading import Run, raw_lots, read_entete_fichier, read_entete_lot, read_facture
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, Field, load_edition
from fse.norm.model import (
    Assure,
    Beneficiaire,
    ContratAmc,
    DetailCcam,
    EnteteFichier,
    EnteteLot,
    Facture,
    ModelError,
    NirIndividuel,
    Prescription,
    Prestation,
    RoutageAmc,
)
from tests.oracles import b2_oracle
from tests.strategies import coherent_factures, strategy_for

EDITION = load_edition("b2", "ps-2003")


def rows(facture: Facture) -> list[EntityRow]:
    """The entity rows of one invoice, in no file: its records only."""
    return [
        EntityRow(kind, rank, None, 0, record, EDITION.layouts[kind].parse(record), EDITION.layouts[kind])
        for rank, record in enumerate(build_facture(facture), start=1)
        if (kind := EDITION.type_of(record) or "")
    ]


@given(coherent_factures())
def test_an_invoice_read_back_is_the_one_built(facture: Facture) -> None:
    assert read_facture(Run(rows(facture))) == facture


@given(coherent_factures())
def test_the_oracle_finds_totals_and_seal_right(facture: Facture) -> None:
    frozen = freeze_facture(facture)
    records = b2_oracle.records(frozen)
    trailer = b2_oracle.cut(records[-1])
    assert trailer["certification"] == b2_oracle.seal_of_invoice(records)
    totals = b2_oracle.invoice_totals(records)
    assert {name: int(trailer[name]) for name in totals} == totals


@given(strategy_for(EnteteFichier), strategy_for(EnteteLot), coherent_factures())
def test_a_file_read_back_is_the_one_built(fichier: EnteteFichier, lot: EnteteLot, facture: Facture) -> None:
    facture = replace(facture, prestataire=lot.prestataire, marque=lot.marque, type_facture=lot.type_facture)
    content = build_file(fichier, [build_lot(lot, [freeze_facture(facture)])])
    assert b2_oracle.wrong_totals(content) == []
    items = [item for item in read([content]) if isinstance(item, EntityRow)]
    (raw,) = raw_lots(items)
    assert read_entete_fichier(items[0]) == fichier
    assert read_entete_lot(raw) == lot
    assert [read_facture(run) for run in raw.runs] == [facture]


def test_an_invoice_without_marking_is_not_written() -> None:
    with pytest.raises(BuildError) as raised:
        build_facture(replace(FULL, marque=None))
    assert raised.value.code == "b2.marque_absente"


def test_an_invoice_without_a_line_is_not_written() -> None:
    with pytest.raises(BuildError) as raised:
        build_facture(replace(FULL, prestations=()))
    assert raised.value.code == "b2.sans_ligne"


def extremes(field: Field) -> dict[str, Any]:
    """What a field of the layout can write at its limits, by its kind and width."""
    width = field.longueur
    absent: dict[str, Any] = {}
    if field.genre in ("texte", "code") or field.zeros == "absent":
        absent = {"absent": None}
    if field.genre in ("texte", "code"):
        return absent | {"minimum": "A" if field.table is None or field.ouverte else None, "maximum": "Z" * width}
    if field.genre == "chiffres":
        low = "0" * (width - 1) + "1" if field.zeros == "absent" else "0" * width
        return absent | {"minimum": low, "maximum": "9" * width}
    if field.genre in ("entier", "montant"):
        return absent | {"minimum": 1 if field.zeros == "absent" else 0, "maximum": 10**width - 1}
    if field.genre == "decimal":
        return {"minimum": Decimal(0), "maximum": Decimal(10**width - 1).scaleb(-field.decimales)}
    assert field.genre == "date"
    return absent | {"minimum": date(1980, 1, 1), "maximum": date(2079, 12, 31)}


def with_value(source: Any, path: str, value: Any) -> Any:
    """The object with one attribute changed, at a dotted path; an absent parent stays absent."""
    name, _, rest = path.partition(".")
    if not rest:
        return replace(source, **{name: value})
    inner = getattr(source, name)
    return source if inner is None else replace(source, **{name: with_value(inner, rest, value)})


FULL = Facture(
    prestataire="001234566",
    numero=123,
    marque="T",
    type_facture="F",
    date_facture=date(2026, 10, 5),
    assure=Assure(nir="1850975056000", cle_nir="81", regime="01", caisse="998", centre="0000"),
    beneficiaire=Beneficiaire(date_naissance="850912", nir_individuel=NirIndividuel(nir="2850975056000", cle_nir="03")),
    justificatif_droits="4",
    prescription=Prescription(prescripteur="002345676", date_prescription=date(2026, 9, 1), specialite="01"),
    nature_assurance="10",
    exoneration="4",
    date_maternite=date(2026, 12, 1),
    accident="000261001",
    destinataire_reglement="15",
    amc=ContratAmc(
        numero_amc="99800001",
        numero_adherent="A1",
        routage=RoutageAmc(
            aiguillage="ES",
            hote="001",
            domaine="essai.invalid",
            aiguillage_destinataire="ES",
            hote_destinataire="002",
            module_sts="R",
            version_sts="0100",
            indicateur_traitement="01",
            application="98",
        ),
    ),
    prestations=(
        Prestation(
            executant="001234566",
            specialite_executant="01",
            date_soins=date(2026, 10, 5),
            code_acte="G",
            complement_acte="N",
            prix_unitaire=3000,
            base=3000,
            taux=70,
            montant_amo=0,
            montant_amc=0,
            honoraires=9_999_999,
            qualificatif="D",
            lieu="0",
            exoneration="4",
            date_accord=date(2026, 9, 1),
            accord_prealable="4",
            details_ccam=(
                DetailCcam(
                    code="DEQP003",
                    extension_documentaire="A",
                    activite="1",
                    phase="0",
                    modificateurs="FU",
                    association="1",
                    remboursement_exceptionnel="O",
                    date_seance=date(2026, 10, 5),
                    dents="1112",
                    supplement_charge="C",
                ),
            ),
        ),
    ),
)
"""An invoice with every optional part present, whose amounts leave room for the limits of the others."""


REFUSED = {
    "2.date_prescription": {"absent"},
    "2.destinataire_reglement": {"absent", "maximum", "minimum"},
    "2.justificatif_droits": {"maximum"},
    "2.marque": {"absent", "maximum", "minimum"},
    "2.nature_assurance": {"absent", "maximum", "minimum"},
    "2.nir": {"absent", "maximum", "minimum"},
    "2.numero_amc": {"absent"},
    "2.prescripteur": {"absent"},
    "2.prestataire": {"minimum"},
    "2.rang_naissance": {"minimum"},
    "2.type_facture": {"maximum"},
    "2S.nir_individuel": {"absent", "maximum", "minimum"},
    "2S.cle_nir_individuel": {"absent"},
    "2M.aiguillage_destinataire": {"minimum"},
    "2M.hote_destinataire": {"minimum"},
    "2M.module_sts": {"maximum"},
    "2M.aiguillage_amc": {"absent", "minimum"},
    "2M.hote_amc": {"absent", "minimum"},
    "4.accord_prealable": {"absent", "maximum", "minimum"},
    "4.code_acte": {"absent"},
    "4.coefficient": {"minimum"},
    "4.denombrement": {"minimum"},
    "4.executant": {"minimum"},
    "4.lieu": {"absent", "maximum", "minimum"},
    "4.quantite": {"minimum"},
    "4.taux": {"maximum"},
    "4M.code_ccam": {"absent", "maximum", "minimum"},
    "4M.activite": {"absent", "maximum", "minimum"},
    "4M.phase": {"absent", "maximum", "minimum"},
    "4M.association": {"maximum"},
    "4M.remboursement_exceptionnel": {"maximum"},
    "4M.supplement_charge": {"maximum", "minimum"},
}
"""Limits of a field that the model's narrower words refuse: closed codes, mandatory values, zeros that mean absent,
a NIR that is no NIR, a rate above 100, codes of a fixed width that are shorter."""


def with_line(facture: Facture, path: str, value: Any) -> Facture:
    return replace(facture, prestations=(with_value(facture.prestations[0], path, value),))


def with_detail(facture: Facture, path: str, value: Any) -> Facture:
    detail = with_value(facture.prestations[0].details_ccam[0], path, value)
    return with_line(facture, "details_ccam", (detail,))


def under(inner: str) -> Callable[[Facture, str, Any], Facture]:
    return lambda facture, path, value: with_value(facture, f"{inner}.{path}", value)


CARRIED = {
    "2": (fields.ENTETE, with_value),
    "2S": (fields.NIR_INDIVIDUEL, under("beneficiaire.nir_individuel")),
    "2M": (fields.ROUTAGE, under("amc.routage")),
    "4": (fields.PRESTATION, with_line),
    "4M": (fields.DETAIL_CCAM, with_detail),
}
"""What each record carries of the model, and how one attribute of it is changed."""


def test_each_field_of_the_layout_at_its_limits_passes_or_is_refused() -> None:
    """The three extremes of each input field, one at a time, through the model: same value back, or a refusal.

    What the model refuses is written above: a change of it is seen.
    """
    base = FULL
    refused: dict[str, set[str]] = {}
    reached = 0
    for kind, (table, change) in CARRIED.items():
        for champ, path in table.items():
            for name, value in extremes(EDITION.layouts[kind].champ(champ)).items():
                try:
                    changed = change(base, path, value)
                    read_back = read_facture(Run(rows(changed)))
                except (ModelError, BuildError):
                    refused.setdefault(f"{kind}.{champ}", set()).add(name)
                    continue
                assert read_back == changed, f"{kind}.{champ} {name}"
                reached += 1
    assert refused == REFUSED
    print(f"{reached} limits of B2 fields pass through the model")
    assert reached > 90


@pytest.mark.parametrize("adherent", ["A", "ABCDEFGH", "00000001", "123456789", "123456789012345"])
@pytest.mark.parametrize("routage", [FULL.amc and FULL.amc.routage, None])
def test_a_member_number_of_any_length_is_carried(adherent: str, routage: RoutageAmc | None) -> None:
    facture = replace(FULL, amc=ContratAmc(numero_amc="99800001", numero_adherent=adherent, routage=routage))
    found = rows(facture)
    assert [row.type for row in found].count("2M") == int(routage is not None or len(adherent) > 8)
    (carried,) = [row.valeurs["identifiant_amc"] for row in found if row.type == "2M"] or [None]
    assert carried == (adherent.zfill(15) if len(adherent) > 8 else None)
    assert found[0].valeurs["numero_adherent"] == (adherent if len(adherent) <= 8 else None)
    assert read_facture(Run(found)) == facture


def test_modifiers_and_teeth_fill_their_zones_from_the_first_on() -> None:
    (detail,) = [row for row in rows(FULL) if row.type == "4M"]
    assert detail.brut[58:62] == b"FU  "
    assert detail.brut[70:102] == b"1112".ljust(32)
    assert detail.brut[42:55] == b"DEQP003".ljust(13)


def test_every_input_field_of_the_records_is_in_the_model() -> None:
    """An input field is carried by the model, has a default, or may be left absent: none is forgotten."""
    carried = {"2": fields.ENTETE, "4": fields.CLE | fields.PRESTATION, "5": fields.CLE | fields.TOTAUX}
    computed = {"nombre_lignes", "certification"}
    for kind, table in carried.items():
        for field in EDITION.layouts[kind].champs:
            left_absent = field.presence == "F" and (field.genre in ("texte", "code") or field.zeros == "absent")
            assert (
                not field.is_input
                or field.nom in table
                or field.defaut is not None
                or field.nom in computed
                or left_absent
            ), f"{kind}.{field.nom}"
        for path in table.values():
            assert resolves(Facture if kind != "4" or path in fields.CLE.values() else None, path), path


def resolves(model: type | None, path: str) -> bool:
    """Whether a dotted path names attributes of the model (`None`: an act line, checked by the round trip)."""
    if model is None:
        return True
    name = path.split(".")[0]
    return is_dataclass(model) and (name in {one.name for one in dataclass_fields(model)} or hasattr(model, name))
