"""Golden cases of what is answered: the worklist, the history of one invoice, the control of transfers, totals."""

from typing import Any

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    DAY,
    DOC,
    LOT_DAY,
    NURSE,
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


def worklist(world: World) -> list[tuple[object, ...]]:
    names = ("numero", "partie", "nature", "montant", "depuis", "age")
    return [tuple(row[name] for name in names) for row in world.answer("suivi")]


def test_worklist_shows_what_waits_and_what_is_to_handle(world: World) -> None:
    world.take(
        Facture(1, emise_le=0, lot=(0, 0)),
        Facture(2),
        Facture(3),
        Facture(4, attend_amc=0),
        Facture(5),
        Facture(6, annulee=1, emise_le=0),
        Facture(7, attend_amo=0, attend_amc=0),
        Facture(8),
    )
    world.take(
        returned(
            "f1",
            Line(3, rejected(1500), paid(1000, 400)),
            Line(4, paid(1500, 1600)),
            Line(5, deferred(1500), paid(1000)),
            Line(8, paid(1500), paid(1000)),
            Line(99, paid(1500, -300)),
        )
    )
    world.today(DAY + 5)
    assert worklist(world) == [
        (1, "", "a_emettre", 2500, DAY - 2, 7),
        (2, "AMC", "attendue", 1000, DAY, 5),
        (2, "AMO", "attendue", 1500, DAY, 5),
        (3, "AMC", "payee_moins", 600, DAY + 3, 2),
        (3, "AMO", "rejetee", 1500, DAY + 3, 2),
        (4, "AMO", "payee_plus", 100, DAY + 3, 2),
        (5, "AMO", "differee", 1500, DAY + 3, 2),
        (99, "", "facture_inconnue", -300, DAY + 3, 2),
    ]


def test_never_answered_is_told_after_the_delay_not_on_its_last_day(world: World) -> None:
    world.take(Facture(2, attend_amc=0))
    world.today(DAY + 10)
    assert worklist(world) == [(2, "AMO", "attendue", 1500, DAY, 10)]
    world.today(DAY + 11)
    assert worklist(world) == [(2, "AMO", "sans_retour", 1500, DAY, 11)]
    world.today(DAY + 11, delai=15)
    assert worklist(world) == [(2, "AMO", "attendue", 1500, DAY, 11)]


def test_paper_sheet_never_waits_for_a_lot(world: World) -> None:
    world.take(Facture(2, mode="papier", lot=(0, 0), emise_le=0, attend_amo=0, attend_amc=0))
    assert worklist(world) == []


def test_answer_without_a_day_counts_from_the_departure(world: World) -> None:
    world.take(Facture(2, attend_amc=0))
    world.take(File("f1", (Transfer((Line(2, rejected(1500)),), jour=None),), cree_le=None))
    assert worklist(world) == [(2, "AMO", "rejetee", 1500, DAY, 5)]


def test_residues_of_the_worklist_name_their_line(world: World) -> None:
    world.take(returned("f1", Line(98, paid(1)), Line(99, paid(2))), returned("f2", Line(99, paid(2))))
    place = [(row["numero"], row["fichier"], row["rang"]) for row in world.answer("suivi")]
    assert place == [(98, "f1", 5), (99, "f1", 7), (99, "f2", 5)]


def history(world: World, numero: int) -> list[tuple[object, ...]]:
    world.ask("bloc", (CABINET, numero, ""))
    names = ("evenement", "jour", "partie", "code", "libelle", "demande", "paye", "fichier", "rang", "octet")
    return [tuple(row[name] for name in names) for row in world.answer("histoire_facture")]


def test_history_of_an_invoice_goes_down_to_file_rank_and_offset(world: World) -> None:
    world.take(Facture(7), Facture(8))
    world.take(
        File(
            "f1",
            (
                Transfer((Line(8, paid(1500)),)),
                Transfer(
                    (Line(7, paid(1500, 500), Part(None, 0, 0), rejets=(("9901", "L", "O", 2),)),), lieu=DOC.zfill(14)
                ),
            ),
        )
    )
    world.take(returned("f0", Line(7, paid(1500, 1000), lot=(None, None)), jour=DAY + 9))
    assert history(world, 7) == [
        ("securisee", DAY - 2, "", "S", "", 2500, None, "", 0, None),
        ("lot", LOT_DAY, "", "", "", None, None, "", 0, None),
        ("emise", DAY, "", "", "", None, None, "", 0, None),
        ("virement", DAY + 3, "", "CPAM 001", "VIR", None, 500, "f1", 8, 800),
        ("ligne", DAY + 3, "", "01", "exacte", None, 500, "f1", 10, 1000),
        ("part", DAY + 3, "AMO", "P", "", 1500, 500, "f1", 11, 1100),
        ("part", DAY + 3, "AMC", "", "", 0, 0, "f1", 12, 1200),
        ("rejet", DAY + 3, "O", "9901", "MOTIF", None, None, "f1", 13, 1300),
        ("virement", DAY + 9, "", "CPAM 001", "VIR", None, 1000, "f0", 3, 300),
        ("ligne", DAY + 9, "", "01", "numero_unique", None, 1000, "f0", 5, 500),
        ("part", DAY + 9, "AMO", "P", "", 1500, 1000, "f0", 6, 600),
    ]
    rejet = next(row for row in world.answer("histoire_facture") if row["evenement"] == "rejet")
    assert (rejet["niveau"], rejet["numero_ligne"], rejet["rang_ligne"]) == ("L", 2, 10)


def test_history_of_a_cancelled_invoice_shows_the_return_that_matched_nothing(world: World) -> None:
    world.take(Facture(7, annulee=1, lot=(0, 0), emise_le=0))
    world.take(returned("f1", Line(7, rejected(1500))))
    assert [row[0] for row in history(world, 7)] == ["securisee", "annulee", "virement", "ligne", "part"]
    assert history(world, 7)[3][4] == "facture_annulee"


def test_history_of_a_number_never_invoiced_is_its_returns(world: World) -> None:
    world.take(returned("f1", Line(7, paid(1500))))
    assert [row[0] for row in history(world, 7)] == ["virement", "ligne", "part"]


def test_transfer_is_compared_with_its_parts_and_where_they_went(world: World) -> None:
    world.take(Facture(7))
    file = File(
        "f1",
        (
            Transfer((Line(7, paid(1500), paid(1000)), Line(99, paid(1500, -300)))),
            Transfer((Line(7, paid(1500, 10)),), montant=11),
            Transfer((Line(7, paid(1500, 20)),), controle=False),
            Transfer((), montant=5),
        ),
    )
    world.take(file, returned("f2", Line(7, paid(1))))
    world.touch(file)
    names = ("fichier", "rang", "montant", "parts", "ecart", "rapproche", "residu", "reste")
    assert [tuple(row[name] for name in names) for row in world.answer("controle_virement")] == [
        ("f1", 3, 2200, 2200, 0, 2500, -300, 0),
        ("f1", 11, 11, 10, 1, 10, 0, 0),
        ("f1", 16, None, 20, None, 20, 0, 0),
        ("f1", 20, 5, 0, 5, 0, 0, 0),
    ]


def test_lump_sums_and_withholdings_are_told_apart_from_the_parts(world: World) -> None:
    """21,00 + 300,00 - 50,00 + 5,00 given back; what only tells the life of a debt moves nothing."""
    movements = (Movement(5000), Movement(-500), Movement(9000, "CIN"), Movement(100, "PAI"))
    file = File(
        "f1",
        (
            Transfer((Line(7, paid(2100)),), forfaits=(Lump(20000), Lump(10000)), mouvements=movements),
            Transfer((), mouvements=(Movement(5000),)),
            Transfer((Line(7, paid(1500, 10)),), forfaits=(Lump(100),), montant=111),
            Transfer((), mouvements=(Movement(5000),), controle=False),
        ),
    )
    world.take(file, File("f2", (Transfer((), forfaits=(Lump(7),), mouvements=(Movement(3),)),)))
    world.touch(file)
    names = ("montant", "parts", "forfaits", "retenues", "ecart", "reste")
    assert [tuple(row[name] for name in names) for row in world.answer("controle_virement")] == [
        (27600, 2100, 30000, 4500, 0, 0),
        (-5000, 0, 0, 5000, 0, 0),
        (111, 10, 100, 0, 1, 0),
        (None, 0, 0, 5000, None, 0),
    ]


def test_last_control_entity_of_a_transfer_counts(world: World) -> None:
    world.put(returned("f1", Line(7, paid(1500))))
    world.store_rows([("990", (CABINET, "f1", 20, 3, 0), {"somme": 1400})])
    world.rebuild()
    assert world.rows("virement", "rang, montant, parts") == [(3, 1400, 1500)]


def test_totals_of_a_file(world: World) -> None:
    world.take(Facture(7))
    file = returned("f1", Line(7, paid(1500), paid(1000)), Line(99, paid(300)), Line(None))
    world.take(file)
    world.store_rows([("199", (CABINET, "f1", 30, 0, 0), {"montant_rembourse": 40})])
    world.touch(file)
    assert world.answer("totaux") == [
        {
            "cabinet": CABINET,
            "fichier": "f1",
            "lignes": 3,
            "lignes_rapprochees": 1,
            "lignes_residu": 2,
            "parts": 2840,
            "rapproche": 2500,
            "residu": 300,
            "reste": 40,
        }
    ]


LINES = (Line(7, paid(1500), paid(1000), rejets=(("0250", "F", "C", None),)), Line(99, paid(300)))
QUERIES = (
    "blocs_touches",
    "controle_virement",
    "histoire_facture",
    "suivi",
    "totaux",
)


def seen_by(cabinet: str, *cabinets: str) -> dict[str, list[dict[str, Any]]]:
    """What a cabinet is answered when these cabinets all received a file of one digest."""
    world = World()
    for other in cabinets:
        world.take(Facture(7, cabinet=other))
        movement = Transfer(LINES, forfaits=(Lump(300),), mouvements=(Movement(50),))
        world.take(File("f1", (Transfer(LINES, lieu=NURSE), movement), cabinet=other))
        if other != cabinet:
            world.store_rows([("990", (other, "f1", 40, 3, 0), {"somme": 1})])
    world.touch(File("f1", (), cabinet=cabinet))
    world.ask_from("bloc", "blocs_tous")
    answers = {name: [row for row in world.answer(name) if row["cabinet"] == cabinet] for name in QUERIES}
    touched = {row["cabinet"] for name in QUERIES for row in world.answer(name) if name == "blocs_touches"}
    assert touched == {cabinet}
    world.close()
    return answers


def test_a_cabinet_sees_what_it_would_see_alone() -> None:
    alone = seen_by(CABINET, CABINET)
    assert all(alone.values())
    assert seen_by(CABINET, CABINET, "autre") == alone
    assert seen_by(CABINET, "autre", CABINET) == alone
