"""Golden cases of the life of an invoice: what came, then the state of the invoice, of its AMO part, of its AMC part.

By default an invoice asks 15.00 of the AMO and 10.00 of the AMC, and left on `DAY` (2024-10-04) in lot 1.
"""

import pytest

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    DAY,
    DOC,
    Facture,
    File,
    Line,
    Part,
    Transfer,
    deferred,
    paid,
    rejected,
    returned,
)

NOT_HANDLED = Part(None, 0, 0)

CASES = {
    "nothing came": ([], ("en_cours", "attendue", "attendue")),
    "paid": ([returned("f1", Line(7, paid(1500), paid(1000)))], ("soldee", "payee", "payee")),
    "AMO first, AMC awaited": ([returned("f1", Line(7, paid(1500)))], ("en_cours", "payee", "attendue")),
    "other part not handled": (
        [returned("f1", Line(7, paid(1500), NOT_HANDLED))],
        ("en_cours", "payee", "attendue"),
    ),
    "paid short": ([returned("f1", Line(7, paid(1500, 1200), paid(1000)))], ("a_traiter", "payee_moins", "payee")),
    "paid more": ([returned("f1", Line(7, paid(1500, 1501), paid(1000)))], ("a_traiter", "payee_plus", "payee")),
    "AMO paid, AMC rejected": (
        [returned("f1", Line(7, paid(1500), rejected(1000), rejets=(("0250", "F", "C", None),)))],
        ("a_traiter", "payee", "rejetee"),
    ),
    "line reject: P with the reduced amount, and a 294 L": (
        [returned("f1", Line(7, paid(1500, 500), paid(1000), rejets=(("9901", "L", "O", 2),)))],
        ("a_traiter", "payee_moins", "payee"),
    ),
    "every line rejected: P of zero": (
        [returned("f1", Line(7, paid(1500, 0), paid(1000)))],
        ("a_traiter", "payee_moins", "payee"),
    ),
    "deferred": (
        [returned("f1", Line(7, deferred(1500), paid(1000)))],
        ("en_cours", "differee", "payee"),
    ),
    "deferred, then paid": (
        [
            returned("f1", Line(7, deferred(1500), paid(1000))),
            returned("f2", Line(7, paid(1500)), jour=DAY + 8),
        ],
        ("soldee", "payee", "payee"),
    ),
    "paid, then an old deferral arrives late": (
        [
            returned("f1", Line(7, paid(1500), paid(1000)), jour=DAY + 8),
            returned("f2", Line(7, deferred(1500)), jour=DAY + 3),
        ],
        ("soldee", "payee", "payee"),
    ),
    "deposit": ([returned("f1", Line(7, paid(1500, 900), paid(1000)))], ("a_traiter", "payee_moins", "payee")),
    "deposit, then balance": (
        [
            returned("f1", Line(7, paid(1500, 900), paid(1000))),
            returned("f2", Line(7, paid(1500, 600)), jour=DAY + 8),
        ],
        ("soldee", "payee", "payee"),
    ),
    "rejected, then paid": (
        [returned("f1", Line(7, rejected(1500), paid(1000))), returned("f2", Line(7, paid(1500)), jour=DAY + 8)],
        ("soldee", "payee", "payee"),
    ),
    "paid in full, then rejected as already paid": (
        [returned("f1", Line(7, paid(1500), paid(1000))), returned("f2", Line(7, rejected(1500)), jour=DAY + 8)],
        ("soldee", "payee", "payee"),
    ),
    "paid in part, then rejected": (
        [returned("f1", Line(7, paid(1500, 900), paid(1000))), returned("f2", Line(7, rejected(1500)), jour=DAY + 8)],
        ("a_traiter", "payee_moins", "payee"),
    ),
    "paid, then taken back": (
        [returned("f1", Line(7, paid(1500), paid(1000))), returned("f2", Line(7, paid(1500, -1500)), jour=DAY + 8)],
        ("a_traiter", "payee_moins", "payee"),
    ),
    "paid, then taken back as a reject": (
        [
            returned("f1", Line(7, paid(1500), paid(1000))),
            returned("f2", Line(7, Part("R", 1500, -1500)), jour=DAY + 8),
        ],
        ("a_traiter", "rejetee", "payee"),
    ),
    "the same line in another file": (
        [returned("f1", Line(7, paid(1500), paid(1000))), returned("f2", Line(7, paid(1500), paid(1000)))],
        ("a_traiter", "payee_plus", "payee_plus"),
    ),
    "two transfers in one file, one for each part": (
        [File("f1", (Transfer((Line(7, paid(1500)),)), Transfer((Line(7, None, paid(1000)),))))],
        ("soldee", "payee", "payee"),
    ),
    "money without a state is money": (
        [returned("f1", Line(7, Part(None, 1500, 1500), paid(1000)))],
        ("soldee", "payee", "payee"),
    ),
    "an amount that does not read counts for nothing": (
        [returned("f1", Line(7, Part("P", None, None), paid(1000)))],
        ("a_traiter", "payee_moins", "payee"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_state_after_returns(world: World, case: str) -> None:
    files, expected = CASES[case]
    world.take(Facture(7))
    for file in files:
        world.take(file)
    assert world.states(7) == expected


def test_part_row_says_asked_paid_answers_and_last_day(world: World) -> None:
    world.take(Facture(7))
    world.take(returned("f1", Line(7, deferred(1500), NOT_HANDLED)), returned("f0", Line(7, paid(1500, 900)), jour=DAY))
    assert world.rows("etat_part") == [
        (CABINET, DOC, 7, "AMC", 1000, 0, 0, 0, "attendue", "", 0, 0),
        (CABINET, DOC, 7, "AMO", 1500, 900, 0, 2, "differee", "D", DAY + 3, 0),
    ]


LAST = {
    "the greatest day": ([("f1", DAY + 4, "R"), ("f2", DAY + 3, "D")], "rejetee"),
    "then the greatest file": ([("f2", DAY + 3, "D"), ("f1", DAY + 3, "R")], "differee"),
}


@pytest.mark.parametrize("case", LAST)
def test_last_answer_is_not_the_last_arrived(world: World, case: str) -> None:
    answers, expected = LAST[case]
    world.take(Facture(7))
    for fichier, jour, etat in answers:
        world.take(returned(fichier, Line(7, Part(etat, 1500, 0)), jour=jour))
    assert world.states(7)[1] == expected


def test_last_answer_in_one_transfer_is_the_greatest_rank(world: World) -> None:
    world.take(Facture(7))
    world.take(returned("f1", Line(7, rejected(1500)), Line(7, deferred(1500))))
    assert world.states(7)[1] == "differee"


NOT_EXPECTED = {
    "nothing came": ([], ("aucun_retour_attendu", "sans_objet", "sans_objet")),
    "answered with nothing": (
        [returned("f1", Line(7, paid(0), NOT_HANDLED))],
        ("aucun_retour_attendu", "sans_objet", "sans_objet"),
    ),
    "paid all the same": ([returned("f1", Line(7, paid(1500)))], ("a_traiter", "payee_plus", "sans_objet")),
    "paid, then taken back": (
        [returned("f1", Line(7, paid(1500))), returned("f2", Line(7, paid(1500, -1500)))],
        ("aucun_retour_attendu", "sans_objet", "sans_objet"),
    ),
    "AMC paid all the same": ([returned("f1", Line(7, None, paid(1000)))], ("a_traiter", "sans_objet", "payee_plus")),
    "rejected": ([returned("f1", Line(7, rejected(1500)))], ("a_traiter", "rejetee", "sans_objet")),
}


@pytest.mark.parametrize("case", NOT_EXPECTED)
def test_invoice_paid_by_the_patient(world: World, case: str) -> None:
    files, expected = NOT_EXPECTED[case]
    world.take(Facture(7, attend_amo=0, attend_amc=0))
    for file in files:
        world.take(file)
    assert world.states(7) == expected


def test_only_the_expected_part_settles_the_invoice(world: World) -> None:
    world.take(Facture(7, attend_amc=0))
    world.take(returned("f1", Line(7, paid(1500), NOT_HANDLED)))
    assert world.states(7) == ("soldee", "payee", "sans_objet")


def test_invoice_lives_from_lot_to_departure(world: World) -> None:
    waiting = Facture(7, lot=(0, 0), emise_le=0)
    world.take(waiting)
    assert world.states(7) == ("a_emettre", "attendue", "attendue")
    world.take(Facture(7, emise_le=0))
    assert world.states(7)[0] == "a_emettre"
    world.take(Facture(7))
    assert world.states(7)[0] == "en_cours"


def test_cancelled_invoice_expects_nothing(world: World) -> None:
    world.take(Facture(7, lot=(0, 0), emise_le=0, annulee=1))
    assert world.states(7) == ("annulee", "sans_objet", "sans_objet")


@pytest.mark.parametrize("mode", ["papier", "s3404"])
def test_paper_sheet_has_left_once_recorded(world: World, mode: str) -> None:
    world.take(Facture(7, mode=mode, lot=(0, 0), emise_le=0))
    assert world.states(7)[0] == "en_cours"
    world.take(returned("f1", Line(7, paid(1500), paid(1000), lot=(None, None))))
    assert world.states(7)[0] == "soldee"
    assert world.rows("appariement", "politique") == [("numero_unique",)]


def test_two_cabinets_with_the_same_numbers_do_not_mix(world: World) -> None:
    world.take(Facture(7), Facture(7, cabinet="autre"))
    same = Line(7, paid(1500), paid(1000))
    world.take(File("f1", (Transfer((same,)),)))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.states(7, cabinet="autre") == ("en_cours", "attendue", "attendue")
    world.take(File("f1", (Transfer((Line(7, rejected(1500)),)),), cabinet="autre"))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.states(7, cabinet="autre") == ("a_traiter", "rejetee", "attendue")


ASKED = {
    "as invoiced": (Facture(7), Line(7, paid(1500), paid(1000)), []),
    "another amount": (Facture(7), Line(7, paid(1400), paid(1000)), [("AMO", 1500, 1400)]),
    "both parts": (Facture(7), Line(7, paid(1400), rejected(1)), [("AMC", 1000, 1), ("AMO", 1500, 1400)]),
    "zero of a part that is asked": (Facture(7), Line(7, paid(0), paid(1000)), [("AMO", 1500, 0)]),
    "zero of a part that is not": (Facture(7, attend_amc=0), Line(7, paid(1500), paid(0)), []),
    "a part not handled": (Facture(7), Line(7, paid(1500), NOT_HANDLED), []),
    "an amount that does not read": (Facture(7), Line(7, Part("P", None, 1500), paid(1000)), []),
    "a line that matches nothing": (Facture(7), Line(8, paid(1)), []),
}


@pytest.mark.parametrize("case", ASKED)
def test_asked_amounts_are_compared_with_the_invoice(world: World, case: str) -> None:
    facture, line, expected = ASKED[case]
    world.take(facture)
    world.take(returned("f1", line))
    assert world.rows("ecart_demande", "partie, demande, demande_retour") == expected
