"""What one invoice is answered when the scenario says something of it: parts, rejects, lines; read by the oracle."""

from datetime import date

import pytest

from fse.app.caisse.scenario import ReponseVoulue
from fse.base.errors import UsageError
from fse.norm.model import Facture, RejetRetour, to_b2
from fse.norm.referentiels.codes import PACKAGED
from tests.app.caisse.world import (
    ANNE,
    Pki,
    answers,
    ask,
    entities,
    facture,
    line,
    lot,
)

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
        known = PACKAGED.rejet(code, "", date(2026, 10, 5))
        assert known is not None
        RejetRetour(code_rejet=code, libelle_rejet=to_b2(known.libelle), niveau="F", partie="O")
        assert code[:2] != "99" or known.libelle.startswith("(fictif)")


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
