"""`relancer`: what leaves again by itself, what waits for a card or for paper; run twice or killed, nothing doubles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from fse.app.operations.practice import Practice
from fse.app.operations.relancer import Relances, relancer
from fse.app.operations.securiser import securiser
from fse.base.dates import to_days
from fse.infra.journal.facts import fichiers_emis, lots
from fse.infra.journal.facts.exchanges import relances
from fse.infra.journal.facts.lots import LotKey
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture
from tests.app.emitted import emitted_practice, noe, receive, rows
from tests.app.killing import KILLS, Disk, kill_everywhere, needs_fork
from tests.app.transmission_delays.scene import (
    JEUDI,
    LUNDI,
    MARDI,
    MERCREDI,
    VENDREDI,
    acknowledge,
    emit,
    emitted,
    etats,
    practice_again,
    practice_at,
    send,
    sending,
)

LAST_DAY = VENDREDI


def decided(done: Relances) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(one.genre, one.numero_lot, one.factures) for one in done.relances]


def frozen(practice: Practice) -> list[tuple[str, bytes]]:
    """Every file of the journal, with the part of it that holds the lots."""
    with practice.journal.reading() as reading:
        files = rows(practice, "SELECT emetteur, identifiant FROM fichier_emis ORDER BY identifiant")
        found = []
        for one in files:
            row = fichiers_emis.find_emitted(reading, str(one["emetteur"]), str(one["identifiant"]))
            assert row is not None
            found.append((row.identifiant, reading.load(row.contenu_fichier)[128:-128]))
    return found


def test_what_was_not_acknowledged_leaves_again_with_the_same_bytes_and_signature(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    assert relancer(practice, le=MERCREDI).relances == ()
    with practice.journal.reading() as reading:
        before = lots.signature_of(reading, key)
    done = relancer(practice, le=JEUDI)
    assert decided(done) == [("renvoi", 1, (1,))]
    assert (done.relances[0].motif, done.relances[0].echeance.le) == ("sans_accuse", LAST_DAY)
    assert [file.identifiant for file in done.en_attente] == ["000002"]
    (_, first), (_, second) = frozen(practice)
    assert second == first
    with practice.journal.reading() as reading:
        assert lots.signature_of(reading, key) == before
    send(practice, JEUDI)
    assert etats(practice, JEUDI) == ["accuse_attendu"]


def test_run_again_it_does_nothing_more(practice: Practice) -> None:
    emitted(practice)
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    assert decided(relancer(practice, le=JEUDI)) == []
    assert decided(relancer(practice, le=MARDI)) == [], "a resend that did not leave is not a second failure"
    assert len(frozen(practice)) == 2


def test_the_second_failure_ends_on_paper_and_is_never_sent_a_third_time(practice: Practice) -> None:
    emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    assert relancer(practice, le=LUNDI).duplicatas == ()
    done = relancer(practice, le=MARDI)
    assert decided(done) == []
    assert [one.factures for one in done.duplicatas] == [(1, 2)]
    assert len(frozen(practice)) == 2


def test_a_refused_lot_leaves_again_at_once(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9950")
    done = relancer(practice, le=MERCREDI)
    assert decided(done) == [("renvoi", 1, (1,))]
    assert done.relances[0].motif == "accuse_negatif"


def test_an_invoice_at_fault_stays_and_the_others_wait_for_the_card(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"), facture("V-3"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=2)
    done = relancer(practice, le=MERCREDI)
    assert decided(done) == [("relot", 1, (1, 3))]
    assert done.relances[0].en_cause == (2,)
    assert [(one.prestataire, one.factures, one.lots) for one in done.a_signer] == [(PRESTATAIRE, (1, 3), ())]
    assert [one.transmission.nommees for one in done.a_refaire] == [(2,)]
    assert decided(relancer(practice, le=MARDI)) == []
    emit(practice, le=MERCREDI)
    with practice.journal.reading() as reading:
        (new,) = [lot for lot in lots.live_lots(reading) if lot.numero_lot != 1]
        assert (new.ancien_numero_lot, new.ancienne_date_lot) == (1, to_days(JOUR))
        assert [row.numero for row in lots.factures_of(reading, new.key)] == [1, 3]
    assert etats(practice, MERCREDI) == ["a_refaire", "a_envoyer"]
    securiser(practice, document(facture("V-2b", before="<remplace>2</remplace>")), le=MERCREDI)
    assert etats(practice, MERCREDI) == ["a_envoyer"], "the invoice at fault is corrected"


def test_of_several_invoices_at_fault_the_first_stays_and_the_others_are_told(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"), facture("V-3"))
    send(practice, JOUR)
    for numero in (3, 1):
        acknowledge(practice, key, "N", MERCREDI, cause="9990", numero=numero)
    (one,) = relancer(practice, le=MERCREDI).relances
    assert (one.factures, one.en_cause) == ((2, 3), (1, 3))
    assert decided(relancer(practice, le=MERCREDI)) == []


def test_a_cause_may_ask_for_a_new_lot_of_all(practice: Practice) -> None:
    key = emitted(practice, facture("V-1"), facture("V-2"))
    send(practice, JOUR)
    acknowledge(practice, key, "N", MERCREDI, cause="9970")
    done = relancer(practice, le=MERCREDI)
    assert decided(done) == [("relot", 1, (1, 2))]
    assert (done.a_refaire, done.duplicatas) == ((), ())
    assert etats(practice, MERCREDI) == []
    emit(practice, le=MERCREDI)
    assert etats(practice, MERCREDI) == ["a_envoyer"]


def test_what_a_payer_answered_is_never_sent_again(tmp_path: Path) -> None:
    with sending(emitted_practice(tmp_path / "cabinet")) as practice:
        acknowledge(practice, LotKey(PRESTATAIRE, 1, to_days(JOUR)), "N", MERCREDI, cause="9950")
        receive(practice, noe())
        assert relancer(practice, le=MARDI).relances == ()


def test_an_acknowledgement_that_comes_late_stops_everything(practice: Practice) -> None:
    key = emitted(practice)
    send(practice, JOUR)
    relancer(practice, le=JEUDI)
    send(practice, JEUDI)
    acknowledge(practice, key, "P", VENDREDI)
    done = relancer(practice, le=MARDI)
    assert (done.relances, done.duplicatas, done.en_attente) == ((), (), ())


def test_when_somebody_else_sends_the_file_is_written(tmp_path: Path) -> None:
    with practice_at(tmp_path / "cabinet", envoi=False) as practice:
        key = emitted(practice)
        acknowledge(practice, key, "N", MERCREDI, cause="9950")
        assert relancer(practice, le=MERCREDI).a_ecrire == 1
        folder = tmp_path / "envoi"
        done = relancer(practice, sortie=folder, le=MERCREDI)
        assert (done.relances, done.a_ecrire) == ((), 0)
        assert [one.chemin.name for one in done.fichiers] == ["00000001234566-000002.b2"]
        assert {path.suffix for path in folder.iterdir()} == {".b2", ".p7s"}
        assert relancer(practice, sortie=folder, le=MARDI).fichiers == ()


def test_it_lists_what_waits_for_a_card_the_most_urgent_first(practice: Practice) -> None:
    securiser(practice, document(facture("V-1"), facture("V-2", destinataire="00")), le=JOUR)
    (one,) = relancer(practice, le=JOUR).a_signer
    assert (one.factures, one.echeance.le) == ((1, 2), JEUDI)


def test_one_decision_is_recorded_for_each_lot(practice: Practice) -> None:
    keys = []
    for number in range(3):
        keys.append(emitted(practice, facture(f"V-{number}")))
        send(practice, JOUR)
    assert len(relancer(practice, le=JEUDI).relances) == 3
    with practice.journal.reading() as reading:
        assert [len(relances.decisions(reading, key)) for key in keys] == [1, 1, 1]


# --- killed ----------------------------------------------------------------------------------------------------------


@cache
def _template() -> Path:
    """One lot that nobody acknowledged, one refused for an invoice."""
    folder = Path(mkdtemp(prefix="fse-relances-")) / "cabinet"
    with practice_at(folder) as practice:
        emitted(practice, facture("V-1"))
        send(practice, JOUR)
        named = emitted(practice, facture("V-2"), facture("V-3"))
        send(practice, JOUR)
        acknowledge(practice, named, "N", MERCREDI, cause="9990", numero=2)
    return folder


def _before(folder: Path) -> Practice:
    shutil.copytree(_template(), folder)
    return practice_again(folder)


def _after(folder: Path) -> object:
    with practice_again(folder) as practice:
        written = {path.name: path.read_bytes() for path in (folder / "relances").iterdir()}
        return (
            etats(practice, JEUDI),
            frozen(practice),
            rows(
                practice, "SELECT numero_lot, rang, genre, numero_facture, identifiant FROM relance ORDER BY numero_lot"
            ),
            rows(practice, "SELECT numero, etat FROM etat_facture ORDER BY numero"),
            written,
        )


def _run(practice: Practice) -> None:
    relancer(practice, sortie=practice.cabinet.folder / "relances", le=JEUDI)


@needs_fork
@pytest.mark.parametrize("chosen", KILLS)
def test_killed_the_next_run_carries_on(tmp_path: Path, chosen: Callable[[Disk], Sequence[int]]) -> None:
    kill_everywhere(tmp_path, chosen, _before, practice_again, _run, _after)
