"""What the caisse answers to sound lots: by default, as wanted, and who answers whom; read by the oracle only."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from fse.app.caisse.scenario import ReponseVoulue
from fse.base.errors import UsageError
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from fse.norm.model import Facture, Prestation, RejetRetour, to_b2
from fse.norm.model.tiers_payant import parts_attendues
from fse.norm.referentiels.codes import rejet
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    CABINET,
    PAUL,
    Pki,
    answers,
    ask,
    facture,
    freeze,
    header,
    line,
    lot,
)
from tests.oracles import noemie_oracle
from tests.strategies import secured_strategy_for


def entities(content: bytes, *kinds: str) -> list[dict[str, str]]:
    found = noemie_oracle.unwrap(content)
    return [noemie_oracle.cut(one) for one in found if noemie_oracle.entity_type(one) in kinds]


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
    assert (amc["numero_amc"], amc["numero_adherent"]) == ("62013354  ", "1234".ljust(15))


def test_the_caisse_answers_the_sender_of_the_file(pki: Pki) -> None:
    (fichier,) = ask(pki, lot(facture(1))).fichiers
    head, trailer = entities(fichier.contenu, "000", "999")
    assert (head["type_emetteur"], head["numero_emetteur"]) == ("CP", "00000019990000"[-14:])
    assert (head["programme_emetteur"], head["marque"], trailer["marque"]) == ("FSE   ", "T", "T")
    assert (head["type_destinataire"], head["numero_destinataire"]) == ("TP", CABINET)
    assert (head["date_creation"], head["reference"], head["version_reference"]) == ("250320", "0580", "01")
    assert fichier.nom == f"019990000-{head['identifiant_fichier']}.noe"
    (payee,) = entities(fichier.contenu, "040")
    (place,) = entities(fichier.contenu, "081")
    (transfer,) = entities(fichier.contenu, "071")
    assert (payee["beneficiaire_reglement"], place["lieu_execution"]) == (ANNE.ljust(15), ANNE.ljust(14))
    assert (place["code_retour"], transfer["date_comptable"]) == ("01", "250320")
    label = f"VIR {head['identifiant_fichier']} 1"
    assert noemie_oracle.transfer_amounts(fichier.contenu) == [("CPAM 999", label, "CPAM 999", 2650)]


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


WANTED = {
    "paid short": ("amo = { montant = 1000 }", {"AMO": ("P", 1855, 1000), "AMC": ("P", 795, 795), "rejets": []}),
    "paid more": ("amc = { montant = 900 }", {"AMO": ("P", 1855, 1855), "AMC": ("P", 795, 900), "rejets": []}),
    "paid nothing": ("amo = { montant = 0 }", {"AMO": ("P", 1855, 0), "AMC": ("P", 795, 795), "rejets": []}),
    "deferred": ('amo = { etat = "D" }', {"AMO": ("D", 1855, 0), "AMC": ("P", 795, 795), "rejets": []}),
    "one part absent": ('amc = { etat = "absent" }', {"AMO": ("P", 1855, 1855), "rejets": []}),
    "AMO rejected": (
        'amo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F", partie = "O" }]',
        {"AMO": ("R", 1855, 0), "AMC": ("P", 795, 795), "rejets": [("0250", "F", "O", 0)]},
    ),
    "AMO paid, AMC rejected": (
        'amc = { etat = "R" }\nrejets = [{ code = "0450", niveau = "F", partie = "C" }]',
        {"AMO": ("P", 1855, 1855), "AMC": ("R", 795, 0), "rejets": [("0450", "F", "C", 0)]},
    ),
    "both rejected, one word for the two": (
        'amo = { etat = "R" }\namc = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F" }]',
        {"AMO": ("R", 1855, 0), "AMC": ("R", 795, 0), "rejets": [("0250", "F", "O", 0)]},
    ),
    "rejected without a word": (
        'amo = { etat = "R" }',
        {"AMO": ("R", 1855, 0), "AMC": ("P", 795, 795), "rejets": [("9900", "F", "O", 0)]},
    ),
    "AMC rejected without a word": (
        'amc = { etat = "R" }',
        {"AMO": ("P", 1855, 1855), "AMC": ("R", 795, 0), "rejets": [("9900", "F", "C", 0)]},
    ),
    "both rejected, a word for the AMC only": (
        'amo = { etat = "R" }\namc = { etat = "R" }\nrejets = [{ code = "0450", niveau = "F", partie = "C" }]',
        {"AMO": ("R", 1855, 0), "AMC": ("R", 795, 0), "rejets": [("0450", "F", "C", 0), ("9900", "F", "O", 0)]},
    ),
    "two rejects": (
        'amo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F" }, { code = "0470", niveau = "F" }]',
        {"AMO": ("R", 1855, 0), "AMC": ("P", 795, 795), "rejets": [("0250", "F", "O", 0), ("0470", "F", "O", 0)]},
    ),
}


@pytest.mark.parametrize(("text", "expected"), WANTED.values(), ids=WANTED)
def test_each_wanted_answer(pki: Pki, text: str, expected: dict[str, object]) -> None:
    found = answers(ask(pki, lot(facture(1), facture(2)), scenario=f"[[reponse]]\nnumero = 1\n{text}"))
    assert found[1] == expected
    assert found[2] == {"AMO": ("P", 1855, 1855), "AMC": ("P", 795, 795), "rejets": []}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("silence = true", "le scénario n'y répond pas"),
        ('amo = { etat = "absent" }\namc = { etat = "absent" }', "le scénario n'en rend aucune part"),
    ],
)
def test_an_invoice_can_be_left_without_answer(pki: Pki, text: str, reason: str) -> None:
    reponse = ask(pki, lot(facture(1), facture(2)), scenario=f"[[reponse]]\nnumero = 1\n{text}")
    assert list(answers(reponse)) == [2]
    assert [(one.prestataire, one.numero, one.raison) for one in reponse.sans_reponse] == [(ANNE, 1, reason)]


# --- rejected lines --------------------------------------------------------------------------------------------------


def two_lines() -> Facture:
    return facture(1, line(1855, 795), line(1000, 400, code="K", complement="N"))


LINES = {
    "the line is taken off": (
        'rejets = [{ code = "9901", niveau = "L", partie = "O", ligne = 2 }]',
        {"AMO": ("P", 2855, 1855), "AMC": ("P", 1195, 1195), "rejets": [("9901", "L", "O", 2)]},
    ),
    "an amount given wins": (
        'amo = { montant = 42 }\nrejets = [{ code = "9901", niveau = "L", ligne = 2 }]',
        {"AMO": ("P", 2855, 42), "AMC": ("P", 1195, 1195), "rejets": [("9901", "L", "O", 2)]},
    ),
    "of the AMC part": (
        'rejets = [{ code = "9901", niveau = "L", partie = "C", ligne = 1 }]',
        {"AMO": ("P", 2855, 2855), "AMC": ("P", 1195, 400), "rejets": [("9901", "L", "C", 1)]},
    ),
    "twice the same line": (
        'rejets = [{ code = "9901", niveau = "L", ligne = 2 }, { code = "9902", niveau = "A", ligne = 2 }]',
        {"AMO": ("P", 2855, 1855), "AMC": ("P", 1195, 1195), "rejets": [("9901", "L", "O", 2), ("9902", "A", "O", 2)]},
    ),
    "every line": (
        'rejets = [{ code = "9901", niveau = "L", ligne = 1 }, { code = "9901", niveau = "L", ligne = 2 }]',
        {"AMO": ("P", 2855, 0), "AMC": ("P", 1195, 1195), "rejets": [("9901", "L", "O", 1), ("9901", "L", "O", 2)]},
    ),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_a_rejected_line_leaves_its_part_paid_less_the_line(pki: Pki, text: str, expected: dict[str, object]) -> None:
    assert answers(ask(pki, lot(two_lines()), scenario=f"[[reponse]]\nnumero = 1\n{text}")) == {1: expected}


def test_the_reject_of_a_line_says_which_one(pki: Pki) -> None:
    scenario = '[[reponse]]\nnumero = 1\nrejets = [{ code = "9901", niveau = "L", ligne = 2 }]'
    (found,) = entities(ask(pki, lot(two_lines()), scenario=scenario).fichiers[0].contenu, "294")
    assert found["libelle_rejet"].rstrip() == "FICTIF QUANTITE REFUSEE SUR LA LIGNE"
    assert (found["code_acte"], found["date_soins"], found["executant"]) == ("K   N", "250310", ANNE)
    assert (found["numero_ligne"], found["rang_rejet"], found["information"]) == ("002", "01", " " * 30)


def test_the_reject_of_an_invoice_names_no_line(pki: Pki) -> None:
    (found,) = entities(
        ask(pki, lot(two_lines()), scenario='[[reponse]]\nnumero = 1\namo = { etat = "R" }').fichiers[0].contenu, "294"
    )
    assert (found["code_acte"], found["date_soins"], found["executant"]) == (" " * 5, "0" * 6, "0" * 9)
    assert found["numero_ligne"] == "000"


def test_every_label_of_the_list_fits_its_field() -> None:
    for code in (
        "0250",
        "0317",
        "0450",
        "0460",
        "0470",
        "2900",
        "9900",
        "9901",
        "9902",
        *(f"991{n}" for n in range(4)),
    ):
        known = rejet(code)
        assert known is not None
        RejetRetour(code_rejet=code, libelle_rejet=to_b2(known.libelle), niveau="F", partie="O")
        assert code[:2] != "99" or known.libelle.startswith("(fictif)")


# --- transfers and files ---------------------------------------------------------------------------------------------


def test_a_transfer_of_nothing_has_no_label(pki: Pki) -> None:
    scenario = '[[reponse]]\nnumero = 1\namo = { etat = "R" }\namc = { etat = "D" }'
    reponse = ask(pki, lot(facture(1)), lot(facture(2, prestataire=PAUL), entete=header(PAUL)), scenario=scenario)
    first, second = noemie_oracle.transfer_amounts(reponse.fichiers[0].contenu)
    assert first == ("", "", "CPAM 999", 0)
    assert second[1].endswith(" 2")
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
    assert names == {"019980000": ["2"], "019990000": ["1", "3"], "029990000": ["4"]}
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


# --- a scenario that does not go with the file -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payee", "text", "message"),
    [
        ("05", "amc = { montant = 1 }", "La facture 1 ne demande rien à l'AMC pour le professionnel."),
        ("00", 'amo = { etat = "D" }', "La facture 1 ne demande rien à l'AMO pour le professionnel."),
        (
            "25",
            'rejets = [{ code = "9901", niveau = "L", ligne = 1 }]',
            "La facture 1 ne demande rien à l'AMO pour le professionnel.",
        ),
        ("15", 'rejets = [{ code = "9901", niveau = "L", ligne = 2 }]', "La facture 1 n'a pas de ligne 2."),
    ],
)
def test_a_part_or_a_line_that_the_invoice_has_not(pki: Pki, payee: str, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(pki, lot(facture(1, payee=payee)), scenario=f"[[reponse]]\nnumero = 1\n{text}")
    assert (refused.value.code, refused.value.message) == ("scenario.facture", message)
    assert refused.value.lieu == "scénario, reponse n° 1"


def test_an_absent_part_need_not_exist(pki: Pki) -> None:
    scenario = '[[reponse]]\nnumero = 1\namc = { etat = "absent" }'
    assert set(answers(ask(pki, lot(facture(1, payee="05")), scenario=scenario))[1]) == {"AMO", "rejets"}


def test_the_scenario_tells_which_of_its_answers_served(pki: Pki) -> None:
    scenario = "[[reponse]]\nnumero = 1\n[[reponse]]\nnumero = 2\nsilence = true"
    used: tuple[ReponseVoulue, ...] = ask(pki, lot(facture(1)), scenario=scenario).employees
    assert [one.numero for one in used] == [1]


# --- any invoice -----------------------------------------------------------------------------------------------------


def within_fees(one: Prestation) -> Prestation:
    """A line that asks no more than it bills."""
    amo, amc = one.montant_amo // 2, one.montant_amc // 2
    return replace(one, montant_amo=amo, montant_amc=amc, honoraires=amo + amc)


@given(secured_strategy_for(Facture))
@settings(max_examples=25)
def test_any_invoice_that_can_be_secured_is_paid_what_it_asks(pki: Pki, one: Facture) -> None:
    one = replace(
        one,
        prestataire=ANNE,
        marque="T",
        type_facture="F",
        prestations=tuple(within_fees(each) for each in one.prestations),
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
