"""Invoices that are unsound in a lot that holds: rejected with a fictive code, or told when they cannot be named."""

from collections.abc import Mapping

import pytest

from fse.app.caisse.repondre import repondre
from tests.app.caisse.world import (
    ANSWERDAY,
    NOBODY,
    PAUL,
    Pki,
    answers,
    ask,
    b2_file,
    codes,
    facture,
    freeze,
    header,
    line,
    lot,
    sign,
)


def wrong(numero: int, index: int, **texts: str) -> bytes:
    """An invoice wrong from its birth: changed, then sealed."""
    return freeze(facture(numero), {index: texts})


UNSOUND: Mapping[str, tuple[bytes, str, tuple[str, int, int]]] = {
    "false total": (wrong(1, 2, total_amo="00009999"), "9910", ("R", 1855, 0)),
    "false number of lines": (wrong(1, 2, nombre_lignes="002"), "9910", ("R", 1855, 0)),
    "no care date": (wrong(1, 1, date_soins="250231"), "9912", ("R", 1855, 0)),
    "unknown place": (wrong(1, 1, lieu="7"), "9912", ("R", 1855, 0)),
    "quantity of zero": (wrong(1, 1, quantite="00"), "9912", ("R", 1855, 0)),
    "another insured in its line": (wrong(1, 1, nir="1840675101000"), "9912", ("R", 1855, 0)),
    "impossible invoice date": (wrong(1, 0, date_facture="259999"), "9912", ("R", 1855, 0)),
    "another prestataire": (freeze(facture(1, prestataire=PAUL)), "9913", ("R", 1855, 0)),
}


@pytest.mark.parametrize(("unsound", "code", "amo"), UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_invoice_is_rejected_and_the_others_paid(
    pki: Pki, unsound: bytes, code: str, amo: tuple[str, int, int]
) -> None:
    reponse = ask(pki, lot(unsound, facture(2)))
    found = answers(reponse)
    assert found[1] == {"AMO": amo, "AMC": ("R", 795, 0), "rejets": [(code, "F", "O", 0)]}
    assert found[2]["rejets"] == []
    assert codes(reponse.constats) == ["caisse.facture_rejetee"]
    assert f"facture 1 du lot de rang 1 est rejetée d'office : {code} (fictif)" in reponse.constats[0].message


def test_the_same_number_twice_is_rejected_twice(pki: Pki) -> None:
    lots = [lot(facture(1), facture(2)), lot(facture(1, line(100, 0)), entete=header(numero_lot=2))]
    reponse = ask(pki, *lots)
    (retour,) = reponse.fichiers
    rejected = [
        one
        for groupe in retour.retour.groupes
        for kind in groupe.retours
        for one in kind.factures
        if one.numero_facture == 1
    ]
    assert [(one.numero_lot, one.rejets[0].code_rejet) for one in rejected] == [(1, "9911"), (2, "9911")]
    assert codes(reponse.constats) == ["caisse.facture_rejetee"] * 2
    assert set(answers(reponse)) == {1, 2}


def test_two_prestataires_may_give_the_same_number(pki: Pki) -> None:
    reponse = ask(pki, lot(facture(1)), lot(facture(1, prestataire=PAUL), entete=header(PAUL)))
    assert reponse.constats == ()


def test_a_double_in_a_lot_without_answer_does_not_count(pki: Pki) -> None:
    lots = [lot(facture(1)), lot(facture(1), entete=header(numero_lot=2))]
    signatures = sign(pki.signer, lots)
    del signatures[2]
    reponse = repondre(b2_file(*lots), signatures, NOBODY, ANSWERDAY, [pki.anchor])
    assert answers(reponse)[1]["rejets"] == []


def test_an_unsound_invoice_is_rejected_whatever_the_scenario_wants(pki: Pki) -> None:
    scenario = "[[reponse]]\nnumero = 1\namo = { montant = 5 }"
    reponse = ask(pki, lot(wrong(1, 1, quantite="00")), scenario=scenario)
    assert answers(reponse)[1]["AMO"] == ("R", 1855, 0)


def test_an_unsound_invoice_asks_nothing_it_did_not_ask(pki: Pki) -> None:
    paid_by_the_patient = freeze(facture(1, payee="00"), {1: {"quantite": "00"}})
    amo_only = freeze(facture(2, payee="05"), {1: {"quantite": "00"}})
    reponse = ask(pki, lot(paid_by_the_patient, amo_only))
    assert answers(reponse) == {2: {"AMO": ("R", 1855, 0), "rejets": [("9912", "F", "O", 0)]}}
    assert [one.numero for one in reponse.sans_reponse] == [1]


@pytest.mark.parametrize(
    "texts",
    [
        {"nature_assurance": "22"},
        {"destinataire_reglement": "99"},
        {"caisse": "   "},
    ],
    ids=lambda texts: next(iter(texts)),
)
def test_an_invoice_that_cannot_be_named_is_told_not_answered(pki: Pki, texts: Mapping[str, str]) -> None:
    reponse = ask(pki, lot(freeze(facture(1), {0: texts}), facture(2)))
    assert list(answers(reponse)) == [2]
    assert codes(reponse.constats) == ["caisse.facture_illisible"]


def test_an_invoice_whose_totals_do_not_read_is_told_not_answered(pki: Pki) -> None:
    reponse = ask(pki, lot(freeze(facture(1), {1: {"lieu": "7"}, 2: {"total_amc": "ABCDEFGH"}}), facture(2)))
    assert list(answers(reponse)) == [2]
    assert codes(reponse.constats) == ["caisse.facture_illisible"]
