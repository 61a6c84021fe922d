"""Golden cases of matching: which policy takes a line, which residue it ends in, whose line it is."""

from dataclasses import replace

import pytest

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    CABINET,
    DOC,
    LOT_DAY,
    NURSE,
    STRANGER,
    Attach,
    Facture,
    File,
    Line,
    Transfer,
    paid,
    returned,
)

SENT = Facture(7)

POLICIES = {
    "all agrees": ((1, LOT_DAY), "exacte"),
    "no lot in the return": ((None, None), "numero_unique"),
    "lot number without its date": ((1, None), "numero_unique"),
    "lot number of another day": ((1, LOT_DAY - 1), "numero_unique"),
    "another lot": ((2, LOT_DAY), "numero_unique"),
}


@pytest.mark.parametrize("case", POLICIES)
def test_policy(world: World, case: str) -> None:
    lot, expected = POLICIES[case]
    world.take(SENT)
    world.take(returned("f1", Line(7, paid(1500), lot=lot)))
    assert world.rows("appariement") == [("cab", "f1", 5, DOC, 7, expected)]
    assert world.rows("residu") == []


RESIDUES = {
    "prestataire_illisible": (SENT, "ILLISIBLE", Line(7, paid(1500))),
    "autre_prestataire": (SENT, STRANGER, Line(7, paid(1500))),
    "numero_illisible": (SENT, DOC, Line(None, paid(1500))),
    "facture_inconnue": (SENT, DOC, Line(8, paid(1500))),
    "facture_annulee": (replace(SENT, annulee=1, emise_le=0), DOC, Line(7, paid(1500))),
    "facture_non_emise": (replace(SENT, emise_le=0), DOC, Line(7, paid(1500))),
}


@pytest.mark.parametrize("nature", RESIDUES)
def test_residue(world: World, nature: str) -> None:
    facture, lieu, line = RESIDUES[nature]
    world.take(facture)
    world.take(File("f1", (Transfer((line,), lieu=lieu),)))
    assert world.rows("appariement") == []
    assert world.rows("residu", "fichier, rang, nature") == [("f1", 5, nature)]
    assert world.states(7)[1] != "payee"


def test_number_zero_is_no_number(world: World) -> None:
    world.take(returned("f1", Line(0, paid(1500))))
    assert world.rows("residu", "numero, nature") == [(0, "numero_illisible")]


def test_colleague_is_not_a_stranger_but_has_its_own_numbers(world: World) -> None:
    world.take(SENT)
    world.take(File("f1", (Transfer((Line(7, paid(1500)),), lieu=NURSE),)))
    assert world.rows("residu", "prestataire, nature") == [(NURSE, "facture_inconnue")]


def test_invoice_of_ours_matches_after_its_prestataire_left_the_cabinet(world: World) -> None:
    world.db.execute("DELETE FROM prestataire")
    world.take(SENT)
    world.take(returned("f1", Line(7, paid(1500))))
    assert world.rows("appariement", "numero") == [(7,)]


def test_residue_becomes_a_match_once_the_invoice_has_left(world: World) -> None:
    world.take(replace(SENT, emise_le=0))
    world.take(returned("f1", Line(7, paid(1500), paid(1000))))
    assert world.rows("residu", "nature") == [("facture_non_emise",)]
    world.take(SENT)
    assert world.rows("residu") == []
    assert world.states(7) == ("soldee", "payee", "payee")


def test_touched_blocks_are_those_of_the_lines_once_each(world: World) -> None:
    here = returned("f1", Line(7), Line(7), Line(None))
    elsewhere = returned("f2", Line(9))
    world.hold([here, elsewhere])
    world.touch(here)
    assert [tuple(row.values()) for row in world.answer("blocs_touches")] == [(CABINET, 0, "f1"), (CABINET, 7, "")]
    world.take(Attach(1, "f1", 5, 12))
    world.touch(here)
    assert (CABINET, 12, "") in [tuple(row.values()) for row in world.answer("blocs_touches")]


def test_all_blocks_are_those_of_invoices_and_lines(world: World) -> None:
    world.hold([Facture(7), Facture(8), returned("f1", Line(8), Line(9), Line(0))])
    assert {row["numero"] for row in world.answer("blocs_tous")} == {0, 7, 8, 9}
    assert [row["fichier"] for row in world.answer("fichiers_tous")] == ["f1"]
