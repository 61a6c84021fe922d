"""What the caisse answers to sound lots: by default, as wanted, and who answers whom; read by the oracle only."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from fse.norm.model import Facture, Prestation
from fse.norm.model.tiers_payant import parts_attendues
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    CABINET,
    PAUL,
    Pki,
    answers,
    ask,
    entities,
    facture,
    freeze,
    header,
    line,
    lot,
)
from tests.oracles import noemie_oracle
from tests.strategies import secured_strategy_for


def test_what_nothing_is_said_of_is_paid_as_asked(pki: Pki) -> None:
    reponse = ask(pki, lot(facture(1), facture(2, line(2000, 0), payee="05")))
    assert (reponse.refus, reponse.sans_reponse, reponse.constats) == ((), (), ())
    assert answers(reponse) == {
        1: {"AMO": ("P", 1855, 1855), "AMC": ("P", 795, 795), "rejets": []},
        2: {"AMO": ("P", 2000, 2000), "rejets": []},
    }


def test_the_invoice_is_named_as_its_lot_names_it(pki: Pki) -> None:
    content = ask(pki, lot(facture(7), entete=header(numero_lot=12))).fichiers[0].contenu
    (named,) = entities(content, "102")
    expected = {"numero_facture": "000000007", "numero_lot": "012", "date_lot": "250311", "date_facture": "250310"}
    assert {name: named[name] for name in expected} == expected
    assert (named["type_facture"], named["nature_assurance"], named["complement"]) == ("F", "10", " " * 6)
    (amc,) = entities(content, "199")
    assert (amc["numero_amc"], amc["numero_adherent"]) == ("99800001  ", "1234".ljust(15))


def test_the_caisse_answers_the_sender_of_the_file(pki: Pki) -> None:
    (fichier,) = ask(pki, lot(facture(1))).fichiers
    head, trailer = entities(fichier.contenu, "000", "999")
    assert (head["type_emetteur"], head["numero_emetteur"]) == ("CP", "00000019970000"[-14:])
    assert (head["programme_emetteur"], head["marque"], trailer["marque"]) == ("FSE   ", "T", "T")
    assert (head["type_destinataire"], head["numero_destinataire"]) == ("TP", CABINET)
    assert (head["date_creation"], head["reference"], head["version_reference"]) == ("250320", "0580", "01")
    assert fichier.nom == f"019970000-{head['identifiant_fichier']}.noe"
    (payee,) = entities(fichier.contenu, "040")
    (place,) = entities(fichier.contenu, "081")
    (transfer,) = entities(fichier.contenu, "071")
    assert (payee["beneficiaire_reglement"], place["lieu_execution"]) == (ANNE.ljust(15), ANNE.ljust(14))
    assert (place["code_retour"], transfer["date_comptable"]) == ("01", "250320")
    label = f"VIR {head['identifiant_fichier']}-1"
    assert noemie_oracle.transfer_amounts(fichier.contenu) == [("CPAM 997", label, "CPAM 997", 2650)]


def test_a_demo_flow_gets_a_demo_answer(pki: Pki) -> None:
    (fichier,) = ask(pki, lot(facture(1, marque="D"), entete=header(marque="D"))).fichiers
    assert {one["marque"] for one in entities(fichier.contenu, "000", "999")} == {"D"}


@pytest.mark.parametrize(
    ("payee", "parts"),
    [("00", set()), ("05", {"AMO"}), ("15", {"AMO", "AMC"}), ("25", {"AMC"}), ("10", {"AMO"}), ("06", {"AMO", "AMC"})],
)
def test_only_the_parts_paid_to_the_professional_are_answered(pki: Pki, payee: str, parts: set[str]) -> None:
    reponse = ask(pki, lot(facture(1, payee=payee), facture(2)))
    found = answers(reponse)
    assert set(found.get(1, {})) - {"rejets"} == parts
    assert [(one.numero, one.raison) for one in reponse.sans_reponse] == (
        [] if parts else [(1, "rien n'est à régler au professionnel")]
    )


def test_a_part_that_asks_nothing_is_not_answered(pki: Pki) -> None:
    assert set(answers(ask(pki, lot(facture(1, line(1855, 0)))))[1]) == {"AMO", "rejets"}


def test_a_file_where_nobody_is_to_be_paid_has_no_return(pki: Pki) -> None:
    reponse = ask(pki, lot(facture(1, payee="00")))
    assert reponse.fichiers == ()
    assert [one.numero for one in reponse.sans_reponse] == [1]


def test_a_transfer_of_nothing_has_no_label(pki: Pki) -> None:
    scenario = '[[reponse]]\nnumero = 1\namo = { etat = "R" }\namc = { etat = "D" }'
    reponse = ask(pki, lot(facture(1)), lot(facture(2, prestataire=PAUL), entete=header(PAUL)), scenario=scenario)
    first, second = noemie_oracle.transfer_amounts(reponse.fichiers[0].contenu)
    assert first == ("", "", "CPAM 997", 0)
    assert second[1].endswith("-2")
    assert second[3] == 2650


def test_an_amount_taken_back_is_a_rappel(pki: Pki) -> None:
    scenario = "[[reponse]]\nnumero = 2\namo = { montant = -500 }"
    content = ask(pki, lot(facture(1), facture(2)), scenario=scenario).fichiers[0].contenu
    assert [one["code_retour"] for one in entities(content, "081")] == ["01", "04"]
    assert [one["numero_facture"] for one in entities(content, "102")] == ["000000001", "000000002"]
    assert noemie_oracle.transfer_amounts(content)[0][3] == 2650 + 795 - 500
    assert noemie_oracle.wrong_controls(content) == []


def test_one_transfer_a_prestataire_whatever_the_lots(pki: Pki) -> None:
    lots = [
        lot(facture(1)),
        lot(facture(1, prestataire=PAUL), entete=header(PAUL)),
        lot(facture(2), entete=header(numero_lot=2)),
    ]
    content = ask(pki, *lots).fichiers[0].contenu
    payees = [one["beneficiaire_reglement"].rstrip() for one in entities(content, "040")]
    assert payees == [ANNE, PAUL]
    assert [one["nombre"] for one in entities(content, "990")] == ["00000002", "00000001"]
    assert entities(content, "999")[0]["nombre_lots"] == "003"


def test_one_file_a_payer(pki: Pki) -> None:
    factures = [facture(1), facture(2, caisse="998"), facture(3), facture(4, regime="02")]
    fichiers = ask(pki, lot(*factures)).fichiers
    names = {one.nom[:9]: [each["numero_facture"][-1] for each in entities(one.contenu, "102")] for one in fichiers}
    assert names == {"019980000": ["2"], "019970000": ["1", "3"], "029970000": ["4"]}
    assert len({one.retour.identifiant_fichier for one in fichiers}) == 3
    for one in fichiers:
        assert noemie_oracle.wrong_controls(one.contenu) == []


def test_the_same_request_has_the_same_answer(pki: Pki) -> None:
    lots = [lot(facture(1), facture(2, caisse="998"))]
    contents = [[one.contenu for one in ask(pki, *lots).fichiers] for _ in range(2)]
    assert contents[0] == contents[1]


def test_another_file_or_another_day_is_another_return(pki: Pki) -> None:
    one = lot(facture(1))
    names = {
        ask(pki, one, identifiant=identifiant, le=le).fichiers[0].nom
        for identifiant in ("000012", "000013")
        for le in (ANSWERDAY, date(2025, 3, 21))
    }
    assert len(names) == 4


def test_our_reader_has_nothing_against_an_answer(pki: Pki) -> None:
    scenario = '[[reponse]]\nnumero = 1\namc = { etat = "R" }\n[[reponse]]\nnumero = 2\namo = { montant = -1 }'
    content = ask(pki, lot(facture(1), facture(2), facture(3)), scenario=scenario).fichiers[0].contenu
    rows = [item for item in read([content]) if isinstance(item, EntityRow)]
    assert {one.code for row in rows for one in row.constats} <= {"noemie.prestataires_differents"}


def consistent(one: Prestation) -> Prestation:
    """A line that asks no more than it bills, its CCAM sessions on the day of the line."""
    amo, amc = one.montant_amo // 2, one.montant_amc // 2
    details = tuple(replace(detail, date_seance=one.date_soins) for detail in one.details_ccam)
    return replace(one, montant_amo=amo, montant_amc=amc, honoraires=amo + amc, details_ccam=details)


@given(secured_strategy_for(Facture))
def test_any_invoice_that_can_be_secured_is_paid_what_it_asks(pki: Pki, one: Facture) -> None:
    one = replace(
        one,
        prestataire=ANNE,
        marque="T",
        type_facture="F",
        prestations=tuple(consistent(each) for each in one.prestations),
    )
    reponse = ask(pki, lot(freeze(one)))
    asked = parts_attendues(one)
    assert (reponse.refus, reponse.constats) == ((), ())
    if not asked:
        assert reponse.fichiers == ()
        return
    assert answers(reponse) == {
        one.numero: {partie: ("P", amount, amount) for partie, amount in asked.items()} | {"rejets": []}
    }
