"""One smallest wrong input for each code of `check_saisie`; a coherent input says nothing."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from fse.base.findings import Severity, catalogue
from fse.norm.model import (
    Assure,
    Beneficiaire,
    Contexte,
    ContratAmc,
    Facture,
    Identite,
    Prescription,
    Prestation,
    Saisie,
    check_saisie,
)
from tests.strategies import coherent_saisies, input_strategy_for

NIR = "2951099126111"
LIGNE = Prestation(
    date_soins=date(2024, 3, 1),
    code_acte="G",
    prix_unitaire=2650,
    base=2650,
    taux=70,
    montant_amo=1855,
    honoraires=2650,
    lieu="0",
)
FACTURE = Facture(
    prestataire="001234566",
    date_facture=date(2024, 3, 1),
    assure=Assure(nir=NIR, cle_nir="93", regime="01", caisse="999", centre="0000"),
    beneficiaire=Beneficiaire(date_naissance="951035"),
    nature_assurance="10",
    destinataire_reglement="05",
    prestations=(LIGNE,),
)
DUPONT = Identite(nom="DUPONT", prenom="ANNE")
SAISIE = Saisie(
    reference="A1",
    mode="S",
    facture=FACTURE,
    contexte=Contexte(source="carte", identite_assure=DUPONT, identite_beneficiaire=DUPONT),
)


def _with(**changes):
    return replace(SAISIE, facture=replace(FACTURE, **changes))


def _line(**changes):
    return _with(prestations=(LIGNE, replace(LIGNE, **changes)), amc=ContratAmc(numero_amc="A1"))


PRESCRIPTION = Prescription(prescripteur="001234567", date_prescription=date(2024, 2, 1))
CASES = [
    ("saisie.cle_nir", "assure/cle_nir", _with(assure=replace(FACTURE.assure, cle_nir="94"))),
    ("saisie.cle_prestataire", "prestataire", _with(prestataire="001234567")),
    ("saisie.cle_prestataire", "remplacant", replace(SAISIE, remplacant="001234567")),
    ("saisie.cle_prestataire", "prestation[2]/executant", _line(executant="001234567")),
    ("saisie.cle_prescripteur", "prescription/prescripteur", _with(prescription=PRESCRIPTION)),
    ("saisie.date_soins_posterieure", "prestation[2]/date_soins", _line(date_soins=date(2024, 3, 2))),
    ("saisie.montant_amo", "prestation[2]/montant_amo", _line(montant_amo=1854)),
    ("saisie.parts_superieures", "prestation[2]/honoraires", _line(honoraires=1854)),
    ("saisie.amc_sans_contrat", "amc", _with(prestations=(replace(LIGNE, montant_amc=795),))),
    ("saisie.destinataire_amc", "destinataire_reglement", _line(montant_amc=795)),
    ("saisie.destinataire_amc", "destinataire_reglement", _with(destinataire_reglement="25")),
    ("saisie.sans_ligne", "prestation", _with(prestations=())),
    ("saisie.total_trop_grand", "prestation", _with(prestations=(replace(LIGNE, honoraires=9_999_999),) * 11)),
]


def test_a_coherent_input_says_nothing():
    assert check_saisie(SAISIE) == []


@pytest.mark.parametrize(("code", "champ", "saisie"), CASES, ids=[f"{code} {champ}" for code, champ, _ in CASES])
def test_the_smallest_disagreement_is_the_only_finding(code, champ, saisie):
    (found,) = check_saisie(saisie)
    assert (found.code, found.place.champ) == (code, champ)
    assert "« A1 »" in found.message
    assert not any(secret in found.message + found.action for secret in ("DUPONT", NIR))


def test_amounts_are_said_in_euros():
    (found,) = check_saisie(_line(montant_amo=1854))
    spaced = found.message.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "ligne 2" in spaced
    assert "18,54 €" in spaced
    assert "18,55 €" in spaced


def test_ten_full_lines_still_fit_the_total():
    assert check_saisie(_with(prestations=(replace(LIGNE, honoraires=9_999_999),) * 10)) == []


@given(coherent_saisies())
def test_coherent_inputs_have_no_error(saisie):
    assert check_saisie(saisie) == []


@given(input_strategy_for(Saisie))
def test_any_input_gives_findings_of_the_catalogue(saisie):
    for found in check_saisie(saisie):
        assert found.code in catalogue()
        assert found.gravite in (Severity.ERREUR, Severity.AVERTISSEMENT)
        assert saisie.facture.assure.nir not in found.message
