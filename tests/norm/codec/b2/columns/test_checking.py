"""What the model refuses of an invoice, its columns refuse: the classes of the model are the oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from fse.base.errors import BuildError
from fse.norm.codec.b2 import fields
from fse.norm.codec.b2.columns import FactureColumns, columns_of, require_model
from fse.norm.model import Assure, Beneficiaire, ContratAmc, Facture, Prescription, Prestation
from fse.norm.model.complements import DetailCcam, RoutageAmc
from fse.norm.model.facture import NirIndividuel
from fse.norm.model.validated import ModelError

DAY = date(2026, 11, 20)
LINE = Prestation(
    executant="001234566",
    specialite_executant="01",
    date_soins=DAY,
    code_acte="G",
    complement_acte="N",
    prix_unitaire=3000,
    base=3000,
    taux=70,
    montant_amo=2100,
    montant_amc=900,
    honoraires=3000,
    qualificatif="E",
    lieu="0",
    exoneration="0",
    date_accord=DAY,
    statut_executant="L",
    reseau="12345678901234",
    lieu_execution="12345678901234",
    details_ccam=(
        DetailCcam(
            code="ABCD123",
            extension_documentaire="A",
            modificateurs="AB",
            association="1",
            remboursement_exceptionnel="O",
            date_seance=DAY,
            dents="1112",
            supplement_charge="C",
        ),
    ),
)
INVOICE = Facture(
    prestataire="001234566",
    numero=7,
    marque="T",
    type_facture="F",
    date_facture=DAY,
    assure=Assure(nir="2850399999000", cle_nir="97", regime="01", caisse="998", centre="0000"),
    beneficiaire=Beneficiaire(date_naissance="850315", nir_individuel=NirIndividuel(nir="2850399999000", cle_nir="97")),
    justificatif_droits="4",
    prescription=Prescription(prescripteur="001234566", date_prescription=DAY, specialite="01"),
    nature_assurance="10",
    exoneration="0",
    date_maternite=DAY,
    accident="123456789",
    destinataire_reglement="15",
    amc=ContratAmc(
        numero_amc="99800001",
        numero_adherent="A1",
        routage=RoutageAmc(
            aiguillage="AB",
            hote="ABC",
            domaine="example.org",
            aiguillage_destinataire="AB",
            hote_destinataire="ABC",
            module_sts="R",
            version_sts="1",
            indicateur_traitement="1",
            application="1",
        ),
    ),
    prestations=(LINE,),
)
VALUES: dict[type, tuple[Any, ...]] = {
    str: ("", " ", "é", "99", "a", "A", "1", "00", "0", "0" * 9, "0" * 14, "00123456X", "F", "2A", "1\n"),
    int: (-1, 0, 1, 9, 10, 99, 100, 101, 9_999_999, 10_000_000, 10**9),
    Decimal: (Decimal("0.00"), Decimal("0.01"), Decimal("-1.00"), Decimal("9999.99")),
    date: (date(1979, 12, 31), date(1980, 1, 1), date(2079, 12, 31), date(2080, 1, 1)),
}
CARRIED = [
    *(("2", champ, path) for champ, path in fields.ENTETE.items() if champ != "marque"),
    *(("2S", champ, f"beneficiaire.nir_individuel.{path}") for champ, path in fields.NIR_INDIVIDUEL.items()),
    *(("2M", champ, f"amc.routage.{path}") for champ, path in fields.ROUTAGE.items()),
    *(("4", champ, f"prestations.0.{path}") for champ, path in fields.PRESTATION.items()),
    *(("4S", champ, f"prestations.0.{path}") for champ, path in fields.CONDITIONS.items()),
    *(("4M", champ, f"prestations.0.details_ccam.0.{path}") for champ, path in fields.DETAIL_CCAM.items()),
]


def test_columns_refuse_what_the_model_refuses() -> None:
    """Each field of each record, with values of its type at and beyond every limit, and with none."""
    two = columns_of([replace(INVOICE, numero=6), INVOICE])
    require_model(two)
    refused = 0
    for type_, champ, path in CARRIED:
        good = at(INVOICE, path)
        for value in (None, *VALUES[type(good)]):
            held = held_by_the_model(path, value)
            said = refusal(with_cell(two, type_, champ, value))
            assert (said is None) is held, (type_, champ, value)
            if said is not None:
                assert (said.code, said.lieu) == ("champ.refuse", f"enregistrement {type_}, ligne 2")
                assert f"champ {champ} " in said.message
                refused += 1
    assert refused > 300


@pytest.mark.parametrize(
    ("type_", "champ", "value", "name"),
    [
        ("2M", "identifiant_amc", "00000000000000A", None),
        ("2M", "identifiant_amc", "0000000000000é", "identifiant_amc"),
        ("2M", "numero_amc", "é", "numero_amc"),
        ("4M", "modificateur_1", "é", "modificateurs"),
        ("4M", "dent_2", "99", "dents"),
        ("4M", "dent_2", None, None),
    ],
)
def test_what_several_fields_carry_is_checked_too(type_: str, champ: str, value: str | None, name: str | None) -> None:
    said = refusal(with_cell(columns_of([INVOICE, INVOICE]), type_, champ, value))
    if name is None:
        assert said is None
    else:
        assert said is not None
        assert f"champ {name} " in said.message


def test_an_object_that_can_be_absent_is_whole_or_absent() -> None:
    bare = replace(INVOICE, prescription=None, amc=None)
    both = columns_of([INVOICE, bare])
    require_model(both)
    dated = with_cell(both, "2", "date_prescription", DAY)
    said = refusal(dated)
    assert said is not None
    assert "champ prescripteur " in said.message


def test_an_invoice_has_999_lines_at_most() -> None:
    plain = replace(LINE, statut_executant=None, reseau=None, lieu_execution=None, details_ccam=())
    full = columns_of([replace(INVOICE, prestations=(plain,) * 999)])
    require_model(full)
    more = pa.concat_tables([full.lignes, full.lignes.slice(0, 1)])
    said = refusal(full._replace(lignes=more))
    assert said is not None
    assert said.lieu == "enregistrement 4, facture 1"


def at(source: Any, path: str) -> Any:
    for step in path.split("."):
        source = source[int(step)] if step.isdigit() else getattr(source, step)
    return source


def held_by_the_model(path: str, value: Any) -> bool:
    parent, _, name = path.rpartition(".")
    try:
        replace(at(INVOICE, parent) if parent else INVOICE, **{name: value})
    except ModelError:
        return False
    return True


def with_cell(factures: FactureColumns, type_: str, champ: str, value: Any) -> FactureColumns:
    """The same columns with another value in the last row of one."""
    tables = {"2": factures.entetes, "4": factures.lignes, **factures.complements}
    table = tables[type_]
    kind = table.schema.field(champ).type if champ in table.column_names else pa.string()
    column = pa.array([*table[champ].to_pylist()[:-1], value], kind)
    changed = table.set_column(table.column_names.index(champ), champ, column)
    if type_ in ("2", "4"):
        return factures._replace(**{"2": {"entetes": changed}, "4": {"lignes": changed}}[type_])
    return factures._replace(complements={**factures.complements, type_: changed})


def refusal(factures: FactureColumns) -> BuildError | None:
    try:
        require_model(factures)
    except BuildError as error:
        return error
    return None
