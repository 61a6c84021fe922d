"""What payers pay, and how: in two times, short, too much, by two transfers, for many at once, without saying for what.

By default an invoice asks 15.00 of the AMO and 10.00 of the AMC, and left on `DAY`.
"""

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    DAY,
    DOC,
    Attach,
    Facture,
    File,
    Line,
    Lump,
    Movement,
    Part,
    Transfer,
    deferred,
    paid,
    rejected,
    returned,
)

BOTH = (paid(1500), paid(1000))
CONTROL = ("fichier", "rang", "montant", "parts", "forfaits", "retenues", "ecart", "rapproche", "residu")


def test_deposit_then_balance(world: World) -> None:
    world.take(Facture(7), returned("f1", Line(7, paid(1500, 900), paid(1000))))
    assert world.states(7) == ("a_traiter", "payee_moins", "payee")
    assert world.worklist("depuis") == [(7, "AMO", "payee_moins", 600, DAY + 3)]
    world.take(returned("f2", Line(7, paid(1500, 600)), jour=DAY + 9))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.worklist() == []


def test_paid_short_stays_to_handle_and_is_still_due(world: World) -> None:
    """10.00 - 9.99 of the AMC: one centime is never written off."""
    world.take(Facture(7), returned("f1", Line(7, paid(1500), paid(1000, 999))))
    assert world.states(7) == ("a_traiter", "payee", "payee_moins")
    assert world.worklist() == [(7, "AMC", "payee_moins", 1)]
    [row] = world.answer("bilan")
    assert (row["demande"], row["paye"], row["reste"], row["trop_paye"]) == (2500, 2499, 1, 0)


def test_overpayment_never_hides_what_another_part_misses(world: World) -> None:
    """AMO: 20.00 for 15.00 asked; AMC: 7.00 for 10.00."""
    world.take(Facture(7), returned("f1", Line(7, paid(1500, 2000), paid(1000, 700))))
    assert world.states(7) == ("a_traiter", "payee_plus", "payee_moins")
    assert world.worklist() == [(7, "AMC", "payee_moins", 300), (7, "AMO", "payee_plus", 500)]
    [row] = world.answer("bilan")
    assert (row["reste"], row["trop_paye"]) == (300, 500)


def test_two_parts_by_two_transfers_of_two_payers(world: World) -> None:
    amo = Transfer((Line(7, paid(1500)), Line(8, paid(1500))), payeur="CPAM 001")
    amc = Transfer((Line(7, None, paid(1000)),), DAY + 4, payeur="MUTUELLE")
    world.take(Facture(7), Facture(8), File("f1", (amo, amc)))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.states(8) == ("en_cours", "payee", "attendue")
    assert world.worklist() == [(8, "AMC", "attendue", 1000)]
    assert world.asked("controle_virement", "payeur", "montant", "rapproche") == [
        ("CPAM 001", 3000, 3000),
        ("MUTUELLE", 1000, 1000),
    ]


def test_grouped_transfer_is_split_invoice_by_invoice(world: World) -> None:
    """15.00 + 10.00 + 15.00 matched, 3.00 unknown, 50.00 of lump sum, 8.00 withheld: 85.00 on the bank line."""
    lines = (Line(7, *BOTH), Line(8, paid(1500)), Line(99, paid(300)))
    grouped = Transfer(lines, forfaits=(Lump(5000),), mouvements=(Movement(800),), montant=8500)
    world.take(Facture(7), Facture(8), File("f1", (grouped,)))
    assert world.asked("controle_virement", *CONTROL) == [("f1", 3, 8500, 4300, 5000, 800, 0, 4000, 300)]
    assert world.worklist() == [
        (0, "", "retenue_inexpliquee", 800),
        (8, "AMC", "attendue", 1000),
        (99, "", "facture_inconnue", 300),
    ]


def test_two_equal_transfers_the_same_day_from_the_same_payer_stay_two(world: World) -> None:
    twin = Transfer((Line(7, paid(1500)),))
    world.take(Facture(7, attend_amc=0), Facture(8, attend_amc=0))
    world.take(File("f1", (twin, Transfer((Line(8, paid(1500)),)))))
    assert world.asked("controle_virement", "fichier", "rang", "montant", "date_comptable", "payeur") == [
        ("f1", 3, 1500, DAY + 3, "CPAM 001"),
        ("f1", 8, 1500, DAY + 3, "CPAM 001"),
    ]
    assert world.states(7)[0] == world.states(8)[0] == "soldee"
    world.take(File("f2", (twin,)))
    assert len(world.rows("virement")) == 3
    assert world.worklist() == [(7, "AMO", "payee_plus", 1500)]


def test_transfer_without_a_line(world: World) -> None:
    world.take(File("f1", (Transfer((), montant=12345),)))
    assert world.worklist("fichier", "rang", "organisme") == [
        (0, "", "virement_sans_ligne", 12345, "f1", 3, "CPAM 001")
    ]


def test_transfer_that_is_not_the_sum_of_what_it_pays(world: World) -> None:
    world.take(Facture(7, attend_amc=0), File("f1", (Transfer((Line(7, paid(1500)),), montant=1400),)))
    assert world.worklist("rang") == [(0, "", "virement_inegal", -100, 3)]
    assert world.states(7)[0] == "soldee"


def test_transfer_that_does_not_say_its_total(world: World) -> None:
    world.take(Facture(7, attend_amc=0), File("f1", (Transfer((Line(7, paid(1500)),), controle=False),)))
    assert world.worklist("rang") == [(0, "", "virement_sans_total", 1500, 3)]


def test_transfer_where_all_is_rejected_is_no_task_of_its_own(world: World) -> None:
    world.take(Facture(7, attend_amc=0), returned("f1", Line(7, rejected(1500))))
    assert world.worklist() == [(7, "AMO", "rejetee", 1500)]


def out_of_any_transfer(world: World, *rows: tuple[str, int, dict[str, str | int | None]]) -> None:
    """A file f1 for DOC of these entities (type, parent, cells), from rank 2."""
    head: tuple[str, int, dict[str, str | int | None]] = (
        "000",
        0,
        {"numero_destinataire": DOC, "date_creation": DAY + 2},
    )
    for rang, (type, parent, cells) in enumerate((head, *rows), 1):
        world.store_rows([(type, (CABINET, "f1", rang, parent, 100 * rang), cells)])
    world.take(File("f0", ()))
    world.rebuild()


def test_line_without_a_transfer(world: World) -> None:
    world.take(Facture(7, attend_amc=0))
    line = ("102", 0, {"numero_facture": 7, "numero_lot": None, "date_lot": None})
    out_of_any_transfer(world, line, ("198", 2, {"montant_demande": 1500, "etat": "P", "montant_rembourse": 1500}))
    assert world.states(7)[0] == "soldee"
    assert world.worklist("depuis", "fichier", "rang") == [(7, "", "ligne_sans_virement", 1500, DAY + 2, "f1", 2)]
    [totals] = [row for row in world.answer("totaux") if row["fichier"] == "f1"]
    assert (totals["parts"], totals["rapproche"], totals["residu"], totals["reste"]) == (1500, 1500, 0, 0)


def test_line_without_a_transfer_is_told_under_the_invoice_it_was_attached_to(world: World) -> None:
    world.take(Facture(7, attend_amc=0))
    line = ("102", 0, {"numero_facture": None, "numero_lot": None, "date_lot": None})
    out_of_any_transfer(world, line, ("198", 2, {"montant_demande": 1500, "etat": "P", "montant_rembourse": 1500}))
    world.take(Attach(1, "f1", 2, 7))
    assert world.worklist() == [(7, "", "ligne_sans_virement", 1500)]


def test_deferred_then_paid(world: World) -> None:
    world.take(Facture(7), returned("f1", Line(7, deferred(1500), paid(1000))))
    assert world.states(7) == ("en_cours", "differee", "payee")
    world.today(DAY + 60)
    assert world.worklist() == [(7, "AMO", "differee", 1500)]
    world.take(returned("f2", Line(7, paid(1500)), jour=DAY + 61))
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.worklist() == []


def test_reject_after_payment_takes_the_money_back(world: World) -> None:
    world.take(Facture(7), returned("f1", Line(7, *BOTH)))
    back = Line(7, Part("R", 1500, -1500), rejets=(("0317", "F", "O", None),))
    world.take(returned("f2", back, jour=DAY + 30))
    assert world.states(7) == ("a_traiter", "rejetee", "payee")
    assert world.worklist("depuis") == [(7, "AMO", "rejetee", 1500, DAY + 30)]
    assert world.asked("controle_virement", "montant", "ecart") == [(2500, 0), (-1500, 0)]


def test_positive_rappel_pays_more_than_was_asked(world: World) -> None:
    world.take(Facture(7, attend_amc=0), returned("f1", Line(7, paid(1500))))
    world.take(returned("f2", Line(7, paid(0, 120), lot=(None, None)), jour=DAY + 90))
    assert world.states(7) == ("a_traiter", "payee_plus", "sans_objet")
    assert world.worklist() == [(7, "AMO", "payee_plus", 120)]


def test_negative_rappel_leaves_something_due(world: World) -> None:
    world.take(Facture(7, attend_amc=0), returned("f1", Line(7, paid(1500))))
    world.take(returned("f2", Line(7, paid(0, -120), lot=(None, None)), jour=DAY + 90))
    assert world.states(7) == ("a_traiter", "payee_moins", "sans_objet")
    assert world.worklist() == [(7, "AMO", "payee_moins", 120)]


def test_rappels_that_cancel_each_other_settle(world: World) -> None:
    world.take(Facture(7, attend_amc=0), returned("f1", Line(7, paid(1500))))
    world.take(returned("f2", Line(7, paid(0, -120)), Line(7, paid(0, 120)), jour=DAY + 90))
    assert world.states(7)[0] == "soldee"
    assert world.asked("controle_virement", "montant") == [(1500,), (0,)]


def test_lump_sums_answer_no_invoice(world: World) -> None:
    """300.00 over a year in two details, 5.00 without any."""
    yearly = Lump(30000, ((DAY - 365, DAY - 184), (DAY - 183, DAY)), "ROSP1")
    world.take(Facture(7), File("f1", (Transfer((), forfaits=(yearly, Lump(500, (), "FMT")), montant=30500),)))
    names = ("prestataire", "code", "montant", "details", "debut", "fin", "date_comptable")
    assert world.asked("forfaits", *names) == [
        (DOC, "ROSP1", 30000, 2, DAY - 365, DAY, DAY + 3),
        (DOC, "FMT", 500, 0, None, None, DAY + 3),
    ]
    assert world.worklist() == [(7, "AMC", "attendue", 1000), (7, "AMO", "attendue", 1500)]
    assert world.asked("controle_virement", *CONTROL) == [("f1", 3, 30500, 0, 30500, 0, 0, 0, 0)]
