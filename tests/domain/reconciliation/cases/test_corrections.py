"""An invoice corrected under a new number: the old one waits for nothing more, and both paid is paid twice."""

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import DAY, Facture, Line, deferred, paid, rejected, returned

OLD = Facture(7, attend_amc=0)
NEW = Facture(8, attend_amc=0, remplace=7)


def test_correction_of_a_rejected_invoice(world: World) -> None:
    world.take(OLD, returned("f1", Line(7, rejected(1500))))
    assert world.worklist() == [(7, "AMO", "rejetee", 1500)]
    world.take(NEW)
    assert world.states(7) == ("corrigee", "remplacee", "sans_objet")
    assert world.rows("etat_facture", "numero, etat, remplacee_par") == [(7, "corrigee", 8), (8, "en_cours", 0)]
    assert world.worklist() == [(8, "AMO", "attendue", 1500)]
    world.take(returned("f2", Line(8, paid(1500)), jour=DAY + 9))
    assert world.states(8)[0] == "soldee"
    assert world.worklist() == []
    [row] = world.answer("bilan")
    assert (row["demande"], row["paye"], row["reste"], row["corrige"]) == (3000, 1500, 0, 1500)


def test_cancelled_correction_leaves_the_old_invoice_to_handle(world: World) -> None:
    world.take(OLD, returned("f1", Line(7, rejected(1500))), Facture(8, attend_amc=0, remplace=7, emise_le=0))
    assert world.states(7)[0] == "corrigee"
    world.take(Facture(8, attend_amc=0, remplace=7, emise_le=0, annulee=1))
    assert world.states(7) == ("a_traiter", "rejetee", "sans_objet")
    assert world.worklist() == [(7, "AMO", "rejetee", 1500)]


def test_correction_of_what_misses_only(world: World) -> None:
    """9.00 of 15.00 paid; the 6.00 that miss are asked again and paid: 15.00 in all is not too much."""
    world.take(OLD, returned("f1", Line(7, paid(1500, 900))), Facture(8, amo=600, attend_amc=0, remplace=7))
    assert world.states(7) == ("corrigee", "remplacee", "sans_objet")
    world.take(returned("f2", Line(8, paid(600))))
    assert world.worklist() == []


def test_deferred_part_of_a_corrected_invoice_still_waits(world: World) -> None:
    """A second return will come of it: shown, since it may then be paid twice."""
    world.take(OLD, NEW, returned("f1", Line(7, deferred(1500))))
    assert world.states(7) == ("en_cours", "differee", "sans_objet")
    assert world.worklist() == [(7, "AMO", "differee", 1500), (8, "AMO", "attendue", 1500)]


def test_both_paid_is_paid_twice(world: World) -> None:
    """15.00 on the old and 16.00 on the new, which asked 16.00: 15.00 too much."""
    new = Facture(8, amo=1600, attend_amc=0, remplace=7)
    world.take(OLD, returned("f1", Line(7, rejected(1500))), new, returned("f2", Line(8, paid(1600)), jour=DAY + 9))
    world.take(returned("f3", Line(7, paid(1500)), jour=DAY + 12))
    assert world.states(7)[0] == world.states(8)[0] == "soldee"
    assert world.worklist("depuis") == [(7, "AMO", "payee_deux_fois", 1500, DAY + 12)]
    world.ask("bloc", ("cab", 8, ""))
    assert [row["numero"] for row in world.answer("doubles_du_bloc")] == [7]
    world.take(returned("f4", Line(7, paid(1500, -1500)), jour=DAY + 40))
    assert world.worklist() == []


def test_deposit_on_the_old_and_all_on_the_new_is_too_much_by_the_deposit(world: World) -> None:
    world.take(OLD, returned("f1", Line(7, paid(1500, 400))), NEW, returned("f2", Line(8, paid(1500))))
    assert world.worklist() == [(7, "AMO", "payee_deux_fois", 400)]


def test_one_part_paid_on_each_is_not_paid_twice(world: World) -> None:
    old, new = Facture(7), Facture(8, remplace=7)
    world.take(old, new, returned("f1", Line(7, paid(1500), rejected(1000)), Line(8, rejected(1500), paid(1000))))
    assert world.worklist() == []  # the AMO rejects on the new what it paid on the old
    assert world.states(7) == ("corrigee", "payee", "remplacee")


def test_first_and_last_of_a_chain_of_three_paid_is_paid_twice(world: World) -> None:
    world.take(OLD, NEW, Facture(9, attend_amc=0, remplace=8))
    world.take(returned("f1", Line(7, paid(1500)), Line(8, rejected(1500)), Line(9, paid(1500))))
    assert [task[2:] for task in world.worklist()] == [("payee_deux_fois", 1500)]
