"""How returns come: late, twice, corrected, for an invoice sent twice, under an old lot number, without a number."""

import pytest

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    DAY,
    LOT_DAY,
    Attach,
    Facture,
    Line,
    paid,
    rejected,
    returned,
)


def test_late_return_ends_the_wait(world: World) -> None:
    world.take(Facture(7, attend_amc=0))
    world.today(DAY + 10)
    assert world.worklist("age") == [(7, "AMO", "attendue", 1500, 10)]
    world.today(DAY + 200)
    assert world.worklist("age") == [(7, "AMO", "sans_retour", 1500, 200)]
    world.take(returned("f1", Line(7, paid(1500)), jour=DAY + 180))
    assert world.states(7)[0] == "soldee"
    assert world.worklist() == []


def test_invoice_recorded_after_its_return(world: World) -> None:
    world.take(returned("f1", Line(7, paid(1500), paid(1000))))
    assert world.worklist("fichier", "rang") == [(7, "", "facture_inconnue", 2500, "f1", 5)]
    world.take(Facture(7))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.worklist() == []


def test_same_file_twice_counts_once(world: World) -> None:
    file = returned("f1", Line(7, paid(1500), paid(1000)))
    world.take(Facture(7), file)
    before = world.stored()
    world.take(file)
    assert world.stored() == before
    assert world.states(7) == ("soldee", "payee", "payee")


def test_same_line_in_another_file_is_shown_as_paid_too_much(world: World) -> None:
    """Two files are two payments, until a bank line says otherwise: nothing is dropped in silence."""
    line = Line(7, paid(1500), paid(1000))
    world.take(Facture(7), returned("f1", line), returned("f2", line, jour=DAY + 9))
    assert world.states(7) == ("a_traiter", "payee_plus", "payee_plus")
    assert world.worklist("depuis") == [
        (7, "AMC", "payee_plus", 1000, DAY + 9),
        (7, "AMO", "payee_plus", 1500, DAY + 9),
    ]


def test_corrected_return_takes_back_then_says_again(world: World) -> None:
    """12.00 paid by mistake, taken back, then 15.00."""
    world.take(Facture(7, attend_amc=0), returned("f1", Line(7, paid(1500, 1200))))
    assert world.worklist() == [(7, "AMO", "payee_moins", 300)]
    world.take(returned("f2", Line(7, paid(1500, -1200)), Line(7, paid(1500)), jour=DAY + 9))
    assert world.states(7) == ("soldee", "payee", "sans_objet")
    assert world.rows("etat_part", "partie, paye, retours") == [("AMC", 0, 0), ("AMO", 1500, 3)]


def test_invoice_sent_twice_is_rejected_as_already_paid_and_stays_paid(world: World) -> None:
    world.take(Facture(7), returned("f1", Line(7, paid(1500), paid(1000))))
    again = Line(7, rejected(1500), rejected(1000), rejets=(("2900", "F", "O", None),))
    world.take(returned("f2", again, jour=DAY + 9))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert {task[2] for task in world.worklist()} == {"rejetee_apres_paiement"}  # the code says that it is no news


def test_already_paid_reject_that_comes_first_gives_way_to_the_payment(world: World) -> None:
    again = Line(7, rejected(1500), rejected(1000), rejets=(("2900", "F", "O", None),))
    world.take(Facture(7), returned("f2", again, jour=DAY + 9))
    assert world.states(7) == ("a_traiter", "rejetee", "rejetee")
    world.take(returned("f1", Line(7, paid(1500), paid(1000))))
    assert world.states(7) == ("soldee", "payee", "payee")


def test_reject_at_the_level_of_a_refined_code_keeps_its_rank(world: World) -> None:
    """Paid 9.00 of 15.00: the second refined code of the third act was refused."""
    refused = ("9902", "A", "O", 3)
    world.take(
        Facture(7, attend_amc=0), returned("f1", Line(7, paid(1500, 900), rejets=(("9901", "L", "O", 3), refused)))
    )
    assert world.states(7) == ("a_traiter", "payee_moins", "sans_objet")
    assert world.worklist() == [(7, "AMO", "payee_moins", 600)]
    assert world.rows("rejet_retour", "code, niveau, partie, numero_ligne, ordre, rang_ligne") == [
        ("9901", "L", "O", 3, 1, 5),
        ("9902", "A", "O", 3, 2, 5),
    ]


def test_lot_number_come_round_again(world: World) -> None:
    """Lot 1 of last year and lot 1 of today: the number of the invoice says which, the lot only how surely."""
    year_ago = Facture(7, lot=(1, LOT_DAY - 365), emise_le=DAY - 365, attend_amc=0)
    world.take(year_ago, Facture(8, attend_amc=0))
    old, new, mixed = (1, LOT_DAY - 365), (1, LOT_DAY), (1, LOT_DAY - 365)
    world.take(returned("f1", Line(7, paid(1500), lot=old), Line(8, paid(1500, 900), lot=new)))
    world.take(returned("f2", Line(8, paid(1500, 600), lot=mixed)))
    assert world.rows("appariement", "numero, fichier, politique") == [
        (7, "f1", "exacte"),
        (8, "f1", "exacte"),
        (8, "f2", "numero_unique"),
    ]
    assert world.states(7)[0] == world.states(8)[0] == "soldee"


@pytest.mark.parametrize("mode", ["papier", "s3404"])
def test_paper_invoice_with_its_number(world: World, mode: str) -> None:
    world.take(Facture(7, mode=mode, lot=(0, 0), emise_le=0))
    world.take(returned("f1", Line(7, paid(1500), paid(1000), lot=(None, None))))
    assert world.rows("appariement", "politique") == [("numero_unique",)]
    assert world.states(7) == ("soldee", "payee", "payee")


def test_paper_invoice_without_a_number_is_suggested_then_attached(world: World) -> None:
    """Of two invoices of the same insured, one is paid already; that of another insured is no suggestion."""
    paper = {"mode": "papier", "lot": (0, 0), "emise_le": 0}
    world.take(
        Facture(7, nir="n1", **paper), Facture(8, nir="n2", **paper), Facture(9, nir="n1", attend_amo=0, attend_amc=0)
    )
    world.take(returned("f1", Line(None, paid(1500), paid(1000), lot=(None, None), nir="n1")))
    assert world.worklist("fichier", "rang")[0] == (0, "", "numero_illisible", 2500, "f1", 5)
    names = ("fichier", "rang", "numero", "meme_assure", "meme_lot", "meme_montant")
    assert world.asked("suggestions", *names) == [("f1", 5, 7, 1, 0, 1)]
    assert world.states(7) == ("en_cours", "attendue", "attendue")
    world.take(Attach(1, "f1", 5, 7))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.rows("appariement", "numero, politique") == [(7, "manuelle")]
    assert world.asked("suggestions", *names) == []


def test_suggestion_by_the_lot(world: World) -> None:
    world.take(Facture(7), Facture(8, amo=900), Facture(9, lot=(2, LOT_DAY)))
    world.take(returned("f1", Line(None, paid(1500))))
    names = ("numero", "meme_assure", "meme_lot", "meme_montant")
    assert world.asked("suggestions", *names) == [(7, 0, 1, 1), (8, 0, 1, 0)]


def test_two_lines_without_a_number_live_apart(world: World) -> None:
    """One is attached, the other stays, whatever comes in the block of their file."""
    world.take(Facture(7, attend_amc=0), returned("f1", Line(None, paid(1500)), Line(None, paid(200))))
    world.take(Attach(1, "f1", 5, 7))
    assert world.rows("residu", "rang, hors_numero, nature") == [(7, "f1", "numero_illisible")]
    world.take(returned("f2", Line(None, paid(200))))
    assert world.rows("residu", "fichier, rang") == [("f1", 7), ("f2", 5)]
    assert world.states(7)[0] == "soldee"
