"""Receiving an ARL: booked once, matched with the lot, its states the same whatever comes first and however often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fse.app.cli.recevoir import print_received
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.states import rebuild, refresh
from fse.base.dates import to_days
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.exchanges import relances
from fse.infra.journal.facts.fichiers_recus import AccuseRow
from fse.infra.journal.facts.lots import LotKey
from tests.app.accused import ACCUSE_LE, NEGATIF, POSITIF, arl
from tests.app.cabinet import JOUR, PRESTATAIRE
from tests.app.emitted import RETOUR, derived, emitted_practice, noe, receive, rows, with_line_ends

LOT = LotKey(PRESTATAIRE, 1, to_days(JOUR))
STATES = "SELECT numero, etat FROM etat_facture ORDER BY numero"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


def states(practice: Practice) -> dict[object, object]:
    return {row["numero"]: row["etat"] for row in rows(practice, STATES)}


def facts(practice: Practice) -> list[AccuseRow]:
    with practice.journal.reading() as reading:
        return fichiers_recus.acknowledgements(reading, LOT)


def reception_codes(practice: Practice, *contents: bytes) -> list[list[str]]:
    return [[one.code for one in each.constats] for each in receive(practice, *contents)]


# --- what is booked --------------------------------------------------------------------------------------------------


def test_a_positive_one_is_booked_and_the_sheet_that_awaits_nothing_else_is_done(practice: Practice) -> None:
    before = states(practice)
    assert (before[1], before[6]) == ("en_cours", "aucun_retour_attendu")
    (one,) = receive(practice, arl())
    assert (one.verdict, one.parts, one.virements) == ("recu", (), ())
    (accuse,) = one.accuses
    assert (accuse.prestataire, accuse.numero_lot, accuse.date_lot) == (PRESTATAIRE, 1, JOUR)
    assert (accuse.sens, accuse.cause, accuse.action, accuse.suite, accuse.connu) == ("P", "", "", "", True)
    assert facts(practice) == [
        AccuseRow(
            rang=2,
            prestataire=PRESTATAIRE,
            numero_lot=1,
            date_lot=to_days(JOUR),
            identifiant_fichier="000001",
            sens="P",
            cause="",
            libelle="",
            numero_facture=0,
            date_accuse=to_days(ACCUSE_LE),
            recu_le=to_days(RETOUR),
        )
    ]
    assert states(practice) == before | {6: "acquittee"}


def test_a_negative_one_refuses_the_sheet_that_awaits_nothing_else(practice: Practice) -> None:
    """The others still await their payment: what became of their lot is told by its own life."""
    before = states(practice)
    (one,) = receive(practice, arl(replace(NEGATIF, cause="9990", libelle=None, numero_facture=3)))
    (accuse,) = one.accuses
    assert (accuse.cause, accuse.suite, accuse.numero_facture) == ("9990", "relot", 3)
    assert accuse.libelle == "(fictif) Facture en cause dans le lot", "our label fills the blank"
    assert accuse.action.startswith("Corriger la facture nommée")
    assert states(practice) == before | {6: "refusee"}


def test_the_label_of_the_payer_comes_first_and_an_unknown_cause_has_no_action(practice: Practice) -> None:
    (one,) = receive(practice, arl(replace(NEGATIF, cause="0042", libelle="REFUS DU FRONTAL")))
    (accuse,) = one.accuses
    assert (accuse.cause, accuse.libelle, accuse.action, accuse.suite) == ("0042", "REFUS DU FRONTAL", "", "")


def test_a_lot_refused_because_it_is_there_already_is_received(practice: Practice) -> None:
    """An ARL that was lost, a resend: the lot must never leave a third time."""
    (one,) = receive(practice, arl(replace(NEGATIF, cause="9985")))
    assert [(each.sens, each.suite) for each in one.accuses] == [("N", "aucune")]
    assert [each.sens for each in facts(practice)] == ["P"]
    assert states(practice)[6] == "acquittee"


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param([arl(), arl()], id="twice"),
        pytest.param([with_line_ends(arl())], id="CR/LF"),
        pytest.param([with_line_ends(arl(), b"\n"), arl()], id="LF, then plain"),
        pytest.param([b"\r\n" + arl() + b"\x1a"], id="with bytes around"),
        pytest.param([arl() + arl()], id="twice in one container"),
        pytest.param([arl() + noe(), arl()], id="before a return, then again"),
    ],
)
def test_booked_once_however_it_comes(practice: Practice, wrapped: list[bytes]) -> None:
    verdicts = [one.verdict for one in receive(practice, *wrapped)]
    assert verdicts[0] == "recu"
    assert len(facts(practice)) == 1


def test_what_is_damaged_or_of_another_marking_is_set_aside_and_changes_nothing(practice: Practice) -> None:
    before = derived(practice)
    for content, motif in (
        (arl()[:256], "cadrage.fin_absente"),
        (arl(POSITIF, replace(NEGATIF, numero_lot=1)), "arl.lot_contredit"),
        (arl(marque="D"), "reception.autre_marque"),
        (arl().replace(b"00000003T", b"00000004T"), "arl.nombre"),
    ):
        (one,) = receive(practice, content)
        assert (one.verdict, one.motif, one.accuses) == ("ecarte", motif, ())
    assert facts(practice) == []
    assert derived(practice) == before


def test_the_same_identity_with_other_bytes_is_set_aside(practice: Practice) -> None:
    first, second = receive(practice, arl(), arl(NEGATIF))
    assert (first.verdict, second.verdict, second.motif) == ("recu", "ecarte", "reception.identite_reprise")
    assert [one.sens for one in facts(practice)] == ["P"]


# --- what contradicts what we know -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accuse", "code"),
    [
        (replace(POSITIF, numero_lot=2), "reception.accuse_lot_inconnu"),
        (replace(POSITIF, date_lot=date(2026, 10, 4)), "reception.accuse_lot_inconnu"),
        (replace(POSITIF, prestataire="009876546"), "reception.accuse_lot_inconnu"),
        (replace(POSITIF, organisme_destinataire="997"), "reception.accuse_autre_organisme"),
        (replace(POSITIF, fichier_accuse="000002"), "reception.accuse_autre_fichier"),
        (replace(NEGATIF, numero_facture=999), "reception.accuse_facture_absente"),
    ],
)
def test_what_is_not_what_we_know_is_booked_and_noticed(practice: Practice, accuse: object, code: str) -> None:
    assert isinstance(accuse, type(POSITIF))
    (one,) = receive(practice, arl(accuse))
    assert one.verdict == "recu"
    assert [found.code for found in one.constats] == [code]
    (booked,) = rows(practice, "SELECT * FROM accuse")
    assert booked["numero_lot"] == accuse.numero_lot
    assert [each.connu for each in one.accuses] == [code != "reception.accuse_lot_inconnu"]


@pytest.mark.parametrize("first", ["P", "N"])
def test_the_same_sending_received_and_refused_is_noticed_and_held_for_received(practice: Practice, first: str) -> None:
    both = [arl(POSITIF, identifiant="POSIT1"), arl(NEGATIF, identifiant="NEGAT1")]
    found = reception_codes(practice, *(both if first == "P" else reversed(both)))
    assert found == [[], ["reception.accuse_contradictoire"]]
    assert states(practice)[6] == "acquittee"


def test_refused_then_received_after_a_resend_is_no_contradiction(practice: Practice) -> None:
    again = replace(POSITIF, fichier_accuse="000002")
    found = reception_codes(practice, arl(NEGATIF, identifiant="NEGAT1"), arl(again, identifiant="POSIT1"))
    assert found == [[], ["reception.accuse_autre_fichier"]], "here the second file is not ours either"
    assert states(practice)[6] == "acquittee"


def test_the_others_of_a_refused_lot_wait_for_a_new_one_until_it_turns_out_to_be_received(practice: Practice) -> None:
    before = states(practice)
    receive(practice, arl(replace(NEGATIF, cause="9990", numero_facture=6), identifiant="NEGAT1"))
    with practice.journal.transaction(now()) as transaction:
        relances.free_the_others(transaction, LOT, 6, motif="accuse_negatif", le=to_days(RETOUR))
        refresh(transaction, range(1, 7))
    freed = dict.fromkeys(range(1, 6), "a_reemettre")
    assert states(practice) == freed | {6: "refusee"}
    (codes,) = reception_codes(practice, arl(POSITIF, identifiant="POSIT1"))
    assert codes == ["reception.accuse_contradictoire", *["reception.accuse_apres_relot"] * 5]
    assert states(practice) == before | {6: "acquittee"}


# --- any order -------------------------------------------------------------------------------------------------------

ARRIVALS = (
    arl(POSITIF, identifiant="POSIT1"),
    arl(NEGATIF, identifiant="NEGAT1"),
    arl(replace(NEGATIF, cause="9985"), identifiant="DEJALA"),
    arl(replace(POSITIF, numero_lot=7), identifiant="INCONN"),
    arl(POSITIF, replace(NEGATIF, numero_lot=9), identifiant="DEUX01"),
    noe(),
)


@settings(
    max_examples=settings().max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(range(len(ARRIVALS))), min_size=1, max_size=6), st.integers(0, 2**32))
def test_any_order_and_any_repetition_give_the_same_states(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[int], seed: int
) -> None:
    shuffled = [*chosen, *chosen[: len(chosen) // 2]]
    Random(seed).shuffle(shuffled)
    found = []
    for order in (chosen, shuffled):
        with emitted_practice(tmp_path_factory.mktemp("ordre") / "cabinet") as practice:
            receive(practice, *(ARRIVALS[rank] for rank in order))
            stored = derived(practice)
            with practice.journal.transaction(now()) as transaction:
                rebuild(transaction)
            assert derived(practice) == stored, "what a full rebuild gives"
            found.append((stored, sorted(map(repr, facts(practice)))))
    assert found[0] == found[1]


# --- what is printed -------------------------------------------------------------------------------------------------


def printed(practice: Practice, *contents: bytes) -> str:

    @click.command()
    def show() -> None:
        for one in receive(practice, *contents):
            print_received(one)

    return CliRunner().invoke(show, catch_exceptions=False).output


def test_what_is_printed_is_what_a_practice_reads(practice: Practice) -> None:
    libelle = "(fictif) Facture en cause dans le lot"
    negatif = replace(NEGATIF, cause="9990", libelle=libelle, numero_facture=3)
    second = arl(negatif, replace(POSITIF, numero_lot=12), identifiant="AUTRE1")
    lines = printed(practice, arl(), second).splitlines()
    assert lines[:6] == [
        "retour.noe : reçu",
        "  lot 001 du 05/10/2026 : accusé positif",
        "retour.noe : reçu",
        f"  lot 001 du 05/10/2026 : accusé négatif, cause 9990 {libelle}, facture 000000003",
        "    Corriger la facture nommée ; les autres repartent dans un nouveau lot à signer.",
        f"  lot 012 du 05/10/2026 (praticien {PRESTATAIRE}, lot inconnu de ce cabinet) : accusé positif",
    ]
    assert lines[6].startswith(
        "  avertissement [reception.accuse_contradictoire] rang 2, octet 128 : Accusé du lot 001"
    )
    assert lines[7].startswith("      → Demander à l'organisme lequel des deux fait foi")
    assert lines[8].startswith("  avertissement [reception.accuse_lot_inconnu] rang 3, octet 256 : Accusé du lot 012")
    assert len(lines) == 10
