"""What is mapped from the entities of a file, whatever the generation: lines, parts, rejects, transfers, movements."""

import pytest

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
    paid,
    rejected,
)

PARTS = "partie, rang, rang_ligne, demande, etat, paye"

IDENTITY = {
    "place of the act first": (NURSE, DOC, DOC, NURSE),
    "then the payee": (None, NURSE, DOC, NURSE),
    "then the recipient of the file": (None, None, NURSE.zfill(14), NURSE),
    "none": (None, None, None, ""),
    "the first one counts, even when it does not read": ("ILLISIBLE", DOC, DOC, ""),
    "raw text that nobody reduced": ("JAMAIS VU", DOC, DOC, ""),
}


@pytest.mark.parametrize("case", IDENTITY)
def test_prestataire_of_a_line(world: World, case: str) -> None:
    lieu, beneficiaire, destinataire, expected = IDENTITY[case]
    world.take(File("f1", (Transfer((Line(7),), lieu=lieu),), beneficiaire, destinataire))
    assert world.rows("ligne_retour", "prestataire") == [(expected,)]


def test_line_takes_the_day_of_its_transfer_else_of_its_file(world: World) -> None:
    world.take(
        File("f1", (Transfer((Line(1),), jour=DAY + 3),)),
        File("f2", (Transfer((Line(2),), jour=None),)),
        File("f3", (Transfer((Line(3),), jour=None),), cree_le=None),
    )
    assert world.rows("ligne_retour", "numero, date_comptable") == [(1, DAY + 3), (2, DAY + 2), (3, 0)]


def test_line_without_its_type_of_return_is_still_a_line(world: World) -> None:
    world.store_rows([("000", (CABINET, "f1", 1, 0, 0), {}), ("102", (CABINET, "f1", 2, 0, 0), {"numero_facture": 7})])
    world.rebuild()
    assert world.rows("ligne_retour", "prestataire, numero, numero_lot, date_comptable, rang_virement, paye") == [
        ("", 7, 0, 0, 0, 0)
    ]
    assert world.rows("residu", "nature") == [("prestataire_illisible",)]


OLDER = File(
    "f1",
    (
        Transfer(
            (Line(7, paid(1500), paid(1000)), Line(8, rejected(1500), rejets=(("0250050", "", "", None),))),
            forfaits=(Lump(300),),
            mouvements=(Movement(100),),
        ),
    ),
    generation=576,
)


def test_older_generation_settles_an_invoice(world: World) -> None:
    world.take(Facture(7), Facture(8, attend_amc=0), OLDER)
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.states(8) == ("a_traiter", "rejetee", "sans_objet")
    assert world.rows("appariement", "numero, politique") == [(7, "exacte"), (8, "exacte")]
    names = ("montant", "parts", "forfaits", "retenues", "ecart", "payeur", "beneficiaire")
    assert world.asked("controle_virement", *names) == [(2700, 2500, 300, 100, 0, None, DOC)]


def test_parts_of_the_older_generation_are_made_of_acts(world: World) -> None:
    world.take(OLDER)
    assert world.rows("part_retour", PARTS) == [
        ("AMC", 5, 5, None, "P", 1000),
        ("AMO", 5, 5, None, "P", 1500),
        ("AMO", 8, 8, None, "R", 0),
    ]
    assert world.rows("rejet_retour", "rang_ligne, code, niveau, partie, numero_ligne") == [
        (8, "0250050", "F", None, None)
    ]


ACTS = {
    "sum of the acts": ([(1000, "P", None, None), (500, "P", None, None)], {"AMO": ("P", 1500)}),
    "an act taken back": ([(1000, "P", None, None), (-400, "N", None, None)], {"AMO": ("P", 600)}),
    "the local scheme is compulsory too": ([(1000, "P", 200, None)], {"AMO": ("P", 1200)}),
    "all amounts of an act share its sign": ([(-1000, "N", 200, 300)], {"AMC": ("P", -300), "AMO": ("P", -1200)}),
    "complementary part": ([(1000, "P", None, 300), (500, "P", None, 200)], {"AMC": ("P", 500), "AMO": ("P", 1500)}),
    "an act paid nothing": ([(0, "P", None, None)], {"AMO": ("P", 0)}),
    "no act": ([], {"AMO": (None, 0)}),
    "an amount that does not read": ([(None, "P", None, None)], {"AMO": ("P", 0)}),
}


@pytest.mark.parametrize("case", ACTS)
def test_acts_of_the_older_generation(world: World, case: str) -> None:
    acts, expected = ACTS[case]
    world.put(File("f1", (Transfer((Line(7, None),)),), generation=576))
    for rang, (obligatoire, signe, local, complementaire) in enumerate(acts, 20):
        cells = {"montant_rembourse": obligatoire, "signe_rembourse": signe}
        more = {"montant_alsace_moselle": local, "montant_complementaire": complementaire}
        world.store_rows([("210", (CABINET, "f1", rang, 5, 0), cells | more)])
    world.rebuild()
    assert {row[0]: row[1:] for row in world.rows("part_retour", "partie, etat, paye")} == expected


def test_reject_of_an_act_beside_acts_is_no_reject_of_the_part(world: World) -> None:
    refused = Line(7, Part("P", None, 900), rejets=(("9901", "", "", 2),))
    world.take(Facture(7, attend_amc=0), File("f1", (Transfer((refused,)),), generation=576))
    assert world.states(7) == ("a_traiter", "payee_moins", "sans_objet")
    assert world.rows("rejet_retour", "code, niveau, numero_ligne") == [("9901", "L", 2)]


def test_lots_of_the_older_generation_stand_above_their_invoices(world: World) -> None:
    lines = (Line(7, paid(1500)), Line(8, paid(1500), lot=(2, LOT_DAY)), Line(9, paid(1500), lot=(None, None)))
    world.take(File("f1", (Transfer(lines),), generation=576))
    assert world.rows("ligne_retour", "numero, numero_lot, date_lot, code_retour") == [
        (7, 1, LOT_DAY, None),
        (8, 2, LOT_DAY, None),
        (9, 0, 0, None),
    ]


def test_movements_of_both_generations_are_of_their_transfer(world: World) -> None:
    moved = Transfer((), forfaits=(Lump(300),), mouvements=(Movement(100), Movement(900, "CIN")))
    world.take(File("f1", (moved,), NURSE), File("f2", (moved,), NURSE, generation=576))
    rows = "fichier, rang, rang_virement, prestataire, date_comptable"
    assert world.rows("forfait_retour", rows) == [("f1", 5, 3, NURSE, DAY + 3), ("f2", 5, 3, NURSE, DAY + 3)]
    assert world.rows("creance_retour", "fichier, rang_virement, operation, montant, retenue") == [
        ("f1", 3, "CIN", 900, 0),
        ("f1", 3, "RPR", 100, 100),
        ("f2", 3, "CIN", 900, 0),
        ("f2", 3, "RPR", 100, 100),
    ]
