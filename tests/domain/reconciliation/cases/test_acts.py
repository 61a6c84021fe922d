"""What is done by hand: it counts, it is told apart, it gives way to what comes, and taking it back undoes it all."""

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    DAY,
    DOC,
    Annulment,
    Attach,
    Entry,
    Facture,
    Force,
    Line,
    Part,
    paid,
    rejected,
    returned,
)

PART = "partie, demande, paye, saisi, retours, etat, derniere_le, acte"
AMO_ONLY = Facture(7, attend_amc=0)


def test_attached_line_leaves_its_own_match_and_comes_back(world: World) -> None:
    world.take(AMO_ONLY, Facture(8, attend_amc=0), returned("f1", Line(7, paid(1500))))
    before = world.stored()
    world.take(Attach(1, "f1", 5, 8))
    assert world.rows("appariement", "numero, politique") == [(8, "manuelle")]
    assert world.states(7)[0] == "en_cours"
    assert world.states(8)[0] == "soldee"
    world.take(Annulment(1))
    assert world.stored() == before


def test_attached_line_stays_where_it_is_when_its_own_block_is_computed_again(world: World) -> None:
    world.take(AMO_ONLY, Facture(8, attend_amc=0), returned("f1", Line(7, paid(1500))), Attach(1, "f1", 5, 8))
    world.take(returned("f2", Line(7, paid(1500)), jour=DAY + 9))
    assert world.states(7)[0] == world.states(8)[0] == "soldee"
    assert world.rows("residu") == []


def test_entry_pays_and_is_told_apart(world: World) -> None:
    world.take(AMO_ONLY, Entry(1, 7, "AMO", 1500))
    assert world.rows("etat_part", PART)[1] == ("AMO", 1500, 1500, 1500, 1, "payee", DAY + 4, 0)
    assert world.states(7)[0] == "soldee"
    assert world.worklist() == []


def test_entry_then_the_same_payment_by_a_return(world: World) -> None:
    world.take(AMO_ONLY, Entry(1, 7, "AMO", 1500), returned("f1", Line(7, paid(1500)), jour=DAY + 9))
    assert world.states(7)[1] == "payee_plus"
    assert world.worklist("depuis") == [(7, "AMO", "saisie_doublee", 1500, DAY + 9)]
    world.take(Annulment(1))
    assert world.states(7)[0] == "soldee"


def test_deposit_by_a_return_and_balance_entered(world: World) -> None:
    world.take(AMO_ONLY, returned("f1", Line(7, paid(1500, 900))), Entry(1, 7, "AMO", 600))
    assert world.rows("etat_part", PART)[1] == ("AMO", 1500, 1500, 600, 2, "payee", DAY + 4, 0)
    assert world.sum("etat_part", "paye - saisi") == 900


def test_entered_reject_is_the_last_answer_only_if_it_is_of_the_last_day(world: World) -> None:
    refused = Entry(1, 7, "AMO", 0, "R", jour=DAY + 2)
    world.take(AMO_ONLY, refused, returned("f1", Line(7, Part("D", 1500, 0)), jour=DAY + 3))
    assert world.states(7)[1] == "differee"
    world.take(Annulment(1), Entry(2, 7, "AMO", 0, "R", jour=DAY + 9))
    assert world.states(7)[1] == "rejetee"


def test_forced_state_holds_until_a_further_answer(world: World) -> None:
    world.take(AMO_ONLY, returned("f1", Line(7, rejected(1500))), Force(1, 7, "AMO", "abandonnee", 1))
    assert world.states(7) == ("abandonnee", "abandonnee", "sans_objet")
    assert world.worklist() == []
    [row] = world.answer("bilan")
    assert (row["reste"], row["abandonne"]) == (0, 1500)
    world.take(returned("f2", Line(7, paid(1500, 1400)), jour=DAY + 9))
    assert world.states(7) == ("a_traiter", "payee_moins", "sans_objet")
    assert world.worklist() == [(7, "AMO", "payee_moins", 100)]


def test_money_without_a_state_is_a_further_answer_too(world: World) -> None:
    """A part given up is not given up any more once it is paid, whatever the return forgets to say."""
    world.take(AMO_ONLY, Force(1, 7, "AMO", "abandonnee", 0))
    world.take(returned("f1", Line(7, Part(None, 1500, 700))))
    assert world.rows("etat_part", PART)[1] == ("AMO", 1500, 700, 0, 1, "payee_moins", DAY + 3, 0)


def test_part_said_not_handled_is_no_answer(world: World) -> None:
    world.take(AMO_ONLY, Force(1, 7, "AMO", "abandonnee", 0), returned("f1", Line(7, Part(None, 1500, 0))))
    assert world.states(7)[0] == "abandonnee"


def test_forced_as_paid_is_settled_without_any_money(world: World) -> None:
    world.take(AMO_ONLY, Force(1, 7, "AMO", "payee", 0))
    assert world.states(7)[0] == "soldee"
    [row] = world.answer("bilan")
    assert (row["paye"], row["reste"], row["regle_autrement"]) == (0, 0, 1500)
    world.take(Annulment(1))
    assert world.states(7)[0] == "en_cours"


def test_forced_as_rejected_is_to_handle(world: World) -> None:
    world.take(AMO_ONLY, Force(1, 7, "AMO", "rejetee", 0))
    assert world.worklist() == [(7, "AMO", "rejetee", 1500)]


def test_money_entered_on_a_paper_invoice_cancelled_since_stays_in_sight(world: World) -> None:
    world.take(Facture(7, mode="papier", lot=(0, 0), emise_le=0, attend_amc=0), Entry(1, 7, "AMO", 1500))
    assert world.worklist() == []
    world.take(Facture(7, mode="papier", lot=(0, 0), emise_le=0, attend_amc=0, annulee=1))
    assert world.states(7) == ("annulee", "payee_plus", "sans_objet")
    assert world.worklist() == [(7, "AMO", "saisie_doublee", 1500)]


def test_history_tells_what_was_done_by_hand(world: World) -> None:
    world.take(AMO_ONLY, returned("f1", Line(9, paid(1500, 900))), Attach(1, "f1", 5, 7))
    world.take(Entry(2, 7, "AMO", 100), Force(3, 7, "AMO", "payee", 2), Force(4, 7, "AMC", "payee", 5))
    world.ask("bloc", ("cab", 7, ""))
    names = ("evenement", "partie", "code", "libelle", "paye", "rang")
    told = [tuple(row[name] for name in names) for row in world.answer("histoire_facture")]
    assert told[3:] == [
        ("virement", "", "CPAM 001", "VIR", 900, 3),
        ("ligne", "", "01", "manuelle", 900, 5),
        ("part", "AMO", "P", "", 900, 6),
        ("saisie", "AMO", "P", "relevé", 100, 2),
        ("forcee", "AMO", "payee", "en_vigueur", None, 3),
        ("forcee", "AMC", "payee", "caduque", None, 4),
    ]
    assert {row["prestataire"] for row in world.answer("histoire_facture")} == {DOC}
