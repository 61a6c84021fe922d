"""Whom a return names: a locum, a payee designated for several, a prestataire of another workstation or of before."""

import pytest

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import (
    COMPANY,
    DAY,
    DOC,
    LOCUM,
    LOT_DAY,
    NURSE,
    Attach,
    Facture,
    File,
    Line,
    Mandate,
    Range,
    Step,
    Takeover,
    Transfer,
    paid,
)

LOT = (1, LOT_DAY)
OTHER_LOT = (2, LOT_DAY)
NO_LOT = (None, None)
MATCH = "prestataire, numero, politique"


def naming(lieu: str, *lines: Line, fichier: str = "f1") -> File:
    return File(fichier, (Transfer(lines, lieu=lieu),))


def line(numero: int, lot: tuple[int | None, int | None] = LOT) -> Line:
    return Line(numero, paid(1500), paid(1000), lot=lot)


@pytest.mark.parametrize("lot", [LOT, NO_LOT])
def test_return_that_names_the_locum(world: World, lot: tuple[int | None, int | None]) -> None:
    world.take(Facture(7, remplacant=LOCUM), naming(LOCUM, line(7, lot)))
    assert world.rows("appariement", MATCH) == [(DOC, 7, "remplacant")]
    assert world.states(7) == ("soldee", "payee", "payee")
    assert world.worklist() == []


def test_return_for_an_invoice_made_by_a_locum_may_name_the_prestataire(world: World) -> None:
    world.take(Facture(7, remplacant=LOCUM), naming(DOC, line(7)))
    assert world.rows("appariement", MATCH) == [(DOC, 7, "exacte")]


def test_locum_named_for_an_invoice_of_another_lot_or_of_nobody_is_a_stranger(world: World) -> None:
    world.take(Facture(7, remplacant=LOCUM), Facture(8), naming(LOCUM, line(7, OTHER_LOT), line(8)))
    assert world.rows("residu", "numero, nature") == [(7, "autre_prestataire"), (8, "autre_prestataire")]
    assert world.states(7)[0] == world.states(8)[0] == "en_cours"


def test_payee_designated_for_one(world: World) -> None:
    world.take(Mandate(COMPANY), Facture(7), Facture(7, prestataire=NURSE))
    world.take(naming(COMPANY, line(7)))
    assert world.rows("appariement", MATCH) == [(DOC, 7, "mandataire")]
    assert world.states(7)[0] == "soldee"
    assert world.states(7, NURSE)[0] == "en_cours"


def test_payee_designated_for_two_is_shared_back_by_the_lot(world: World) -> None:
    """One transfer of 50.00: 25.00 for each."""
    world.take(Mandate(COMPANY), Mandate(COMPANY, NURSE))
    world.take(Facture(7), Facture(7, prestataire=NURSE, lot=OTHER_LOT))
    world.take(naming(COMPANY, line(7), line(7, OTHER_LOT)))
    assert world.rows("appariement", MATCH) == [(DOC, 7, "mandataire"), (NURSE, 7, "mandataire")]
    assert world.asked("repartition_virement", "prestataire", "lignes", "factures") == [
        (DOC, 1, 2500),
        (NURSE, 1, 2500),
    ]
    assert world.states(7)[0] == world.states(7, NURSE)[0] == "soldee"


@pytest.mark.parametrize("lot", [LOT, NO_LOT])
def test_payee_designated_for_two_with_the_same_number_and_lot_is_ambiguous(
    world: World, lot: tuple[int | None, int | None]
) -> None:
    world.take(Mandate(COMPANY), Mandate(COMPANY, NURSE), Facture(7), Facture(7, prestataire=NURSE))
    world.take(naming(COMPANY, line(7, lot)))
    assert (7, "", "ambigue", 2500) in world.worklist()
    assert world.states(7)[0] == world.states(7, NURSE)[0] == "en_cours"
    world.take(Attach(1, "f1", 5, 7, NURSE))
    assert world.states(7)[0] == "en_cours"
    assert world.states(7, NURSE) == ("soldee", "payee", "payee")


OF_BOTH = {
    "its own lot": (LOT, [(NURSE, 7, "exacte")]),
    "the lot of the one it is paid for": (OTHER_LOT, [(DOC, 7, "mandataire")]),
    "a lot of neither": ((3, LOT_DAY), [(NURSE, 7, "numero_unique")]),
    "no lot": (NO_LOT, []),
}


@pytest.mark.parametrize("case", OF_BOTH)
def test_designated_doctor_has_invoices_of_the_same_numbers(world: World, case: str) -> None:
    """Each prestataire counts from 1: the number alone does not say whose invoice it is."""
    lot, expected = OF_BOTH[case]
    world.take(Mandate(NURSE), Facture(7, lot=OTHER_LOT), Facture(7, prestataire=NURSE), naming(NURSE, line(7, lot)))
    assert world.rows("appariement", MATCH) == expected
    assert world.rows("residu", "nature") == ([] if expected else [("ambigue",)])


def test_locum_goes_before_a_payee_when_the_lot_agrees(world: World) -> None:
    world.take(
        Mandate(LOCUM, NURSE), Facture(7, remplacant=LOCUM), Facture(7, prestataire=NURSE), naming(LOCUM, line(7))
    )
    assert world.rows("appariement", MATCH) == [(DOC, 7, "remplacant")]


def test_mandate_of_another_cabinet_says_nothing(world: World) -> None:
    world.take(Mandate(COMPANY, cabinet="autre"), Facture(7), naming(COMPANY, line(7)))
    assert world.rows("residu", "nature") == [("autre_prestataire",)]


def test_mandate_declared_after_the_return(world: World) -> None:
    world.take(Facture(7), naming(COMPANY, line(7)))
    assert world.rows("residu", "nature") == [("autre_prestataire",)]
    world.take(Mandate(COMPANY))
    assert world.states(7)[0] == "soldee"


BEFORE = {
    "given by the previous software": ([Takeover(100)], 100, "anterieur_a_la_reprise"),
    "given since": ([Takeover(100)], 101, "facture_inconnue"),
    "by that of a colleague": ([Takeover(100, NURSE)], 100, "facture_inconnue"),
    "of another workstation, below": ([Range(500, 599)], 499, "autre_poste"),
    "of this workstation, first": ([Range(500, 599)], 500, "facture_inconnue"),
    "of this workstation, last": ([Range(500, 599)], 599, "facture_inconnue"),
    "of another workstation, above": ([Range(500, 599)], 600, "autre_poste"),
    "of before, and out of the range": ([Takeover(100), Range(500, 599)], 99, "anterieur_a_la_reprise"),
}


@pytest.mark.parametrize("case", BEFORE)
def test_number_that_is_not_of_this_journal(world: World, case: str) -> None:
    steps, numero, expected = BEFORE[case]
    known: list[Step] = list(steps)
    world.take(*known)
    world.take(naming(DOC, line(numero, NO_LOT)))
    assert world.worklist() == [(numero, "", expected, 2500)]


def test_open_invoice_of_the_previous_software_is_matched(world: World) -> None:
    world.take(Takeover(100), naming(DOC, line(99)))
    assert world.rows("residu", "nature") == [("anterieur_a_la_reprise",)]
    world.take(Facture(99, mode="reprise", emise_le=DAY - 20))
    assert world.rows("appariement", "numero, politique") == [(99, "exacte")]
    assert world.states(99)[0] == "soldee"


def test_invoice_of_this_journal_matches_out_of_its_range(world: World) -> None:
    """A range given since does not undo what was numbered before."""
    world.take(Range(500, 599), Facture(7), naming(DOC, line(7)))
    assert world.states(7)[0] == "soldee"


def test_reprise_declared_after_the_return(world: World) -> None:
    world.take(naming(DOC, line(99)))
    assert world.rows("residu", "nature") == [("facture_inconnue",)]
    world.take(Takeover(100))
    assert world.rows("residu", "nature") == [("anterieur_a_la_reprise",)]
