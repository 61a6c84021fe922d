"""The incident log: every failure by time, with its lots and what was done; an evidence file that can be checked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from fse.app.operations.incidents import Incident, ecrire_incidents, incidents
from fse.app.operations.journal.verifier import parse_head, verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.base.dates import to_days
from fse.base.errors import FseError
from fse.infra.journal.schema.fact_tables import fichier_recu
from tests.app.cabinet import JOUR, PATIENTS, PRESTATAIRE, facture
from tests.app.journal.exchanges import (
    ACCUSE,
    acknowledge,
    attempt,
    emit,
    exchange,
    fail,
    folder_practice,
    free_the_others,
    print_duplicate,
    resend,
    send,
)
from tests.app.test_cli import Shell
from tests.app.transmission.scene import answers, emit_more, practice_with_outbox
from tests.app.transmission.scene import send as envoyer

NAME = f"{PRESTATAIRE:0>14}-000001"
LATE = date(2026, 10, 20)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with folder_practice(tmp_path / "cabinet") as opened:
        yield opened


def log(practice: Practice, **more: object) -> list[Incident]:
    return list(incidents(practice, le=LATE, **more).incidents)  # type: ignore[arg-type]


def told(practice: Practice) -> list[tuple[str, date, str]]:
    return [(one.nature, one.jour, one.suite) for one in log(practice)]


def test_nothing_failed(practice: Practice) -> None:
    send(practice, emit(practice))
    acknowledge(practice, 1)
    assert log(practice) == []


def test_a_failed_attempt_names_its_file_its_lots_its_invoices_and_what_followed(practice: Practice) -> None:
    identifiant = emit(practice)
    attempt(practice, identifiant, "differe", JOUR, "451")
    (one,) = log(practice)
    assert (one.jour, one.nature, one.code, one.fichier, one.suite) == (JOUR, "envoi", "451", NAME, "Rien encore.")
    assert [str(lot) for lot in one.lots] == [f"{PRESTATAIRE} lot 001 du 05/10/2026"]
    assert (one.factures, one.organismes, one.praticiens) == ((1, 2, 3), ("998",), (PRESTATAIRE,))
    assert one.instant == "2026-10-05T12:00:00.000000Z"
    attempt(practice, identifiant, "incertain", ACCUSE)
    assert [one.suite for one in log(practice)] == ["1 autre essai, le dernier le 06/10/2026.", "Rien encore."]
    send(practice, identifiant, ACCUSE)
    acknowledge(practice, 1, le=ACCUSE)
    assert [one.suite for one in log(practice)] == ["Parti le 06/10/2026, à l'essai n° 3."] * 2


def test_what_was_taken_over_then_not_delivered_is_told_apart(practice: Practice) -> None:
    identifiant = emit(practice)
    send(practice, identifiant)
    attempt(practice, identifiant, "non_remis", ACCUSE, "5.1.1")
    assert [(one.nature, one.code) for one in log(practice)] == [("non_remise", "5.1.1")]


def test_a_missing_acknowledgement_shows_the_day_after_two_working_days(practice: Practice) -> None:
    """Sent on Monday 5 October 2026: awaited until Wednesday 7, missing on Thursday 8."""
    send(practice, emit(practice))
    missing = date(2026, 10, 8)
    assert incidents(practice, le=missing - timedelta(days=1)).incidents == ()
    (one,) = incidents(practice, le=missing).incidents
    assert (one.nature, one.jour, one.fichier) == ("accuse_absent", missing, NAME)
    assert "R161-47" in one.constat
    assert "07/10/2026" in one.constat
    acknowledge(practice, 1, le=date(2026, 10, 12))
    assert [one.suite for one in log(practice)] == ["Accusé positif reçu le 12/10/2026."], "late is late"


def test_an_acknowledgement_on_the_last_day_is_in_time(practice: Practice) -> None:
    send(practice, emit(practice))
    acknowledge(practice, 1, le=date(2026, 10, 7))
    assert log(practice) == []


def test_a_degraded_lot_misses_nothing(practice: Practice) -> None:
    send(practice, emit(practice, facture("V-1", mode="D")))
    assert log(practice) == []


def test_two_failures_then_paper_are_told_in_order(practice: Practice) -> None:
    send(practice, emit(practice))
    resent = date(2026, 10, 8)
    identifiant = resend(practice, 1, resent)
    send(practice, identifiant, resent)
    print_duplicate(practice, 1, date(2026, 10, 14))
    assert told(practice) == [
        (
            "accuse_absent",
            date(2026, 10, 8),
            f"Renvoi décidé le 08/10/2026, fichier {PRESTATAIRE:0>14}-000002. Duplicata le 14/10/2026 : 000000001.",
        ),
        ("renvoi", resent, "Parti le 08/10/2026."),
        ("accuse_absent", date(2026, 10, 13), "Duplicata le 14/10/2026 : 000000001."),
        ("duplicata", date(2026, 10, 14), ""),
    ]


def test_a_refused_lot_and_the_one_that_replaces_it(practice: Practice) -> None:
    send(practice, emit(practice))
    acknowledge(practice, 1, "N", fautive=3)
    free_the_others(practice, 3, ACCUSE)
    assert [suite for _, _, suite in told(practice)] == ["Nouveau lot décidé le 06/10/2026.", "Rien encore."]
    send(practice, emit(practice, facture("V-9", patient=3), le=ACCUSE), ACCUSE)
    refused, relot = log(practice)[:2]
    assert (refused.code, "LOT ALTERE" in refused.constat, "000000003" in refused.constat) == ("0101", True, True)
    assert relot.suite == "Lot 003 du 06/10/2026."


def test_the_period_and_the_fund_choose(practice: Practice) -> None:
    exchange(practice)
    everything = log(practice)
    assert {one.nature for one in everything} >= {
        *("envoi", "accuse_negatif", "renvoi", "relot", "duplicata", "panne", "piece"),
    }
    assert [one.jour for one in everything] == sorted(one.jour for one in everything)
    assert {one.jour for one in log(practice, depuis=JOUR, jusqu=JOUR)} == {JOUR}
    assert {one.nature for one in log(practice, organisme="010")} == {"panne"}
    assert {one.nature for one in log(practice, praticiens=["009999999"])} == {"panne"}
    with pytest.raises(FseError) as raised:
        incidents(practice, depuis=ACCUSE, jusqu=JOUR)
    assert raised.value.code == "incidents.periode"


def test_the_evidence_file_can_be_checked_and_names_nobody(practice: Practice, tmp_path: Path) -> None:
    exchange(practice)
    releve = incidents(practice, le=LATE)
    done = ecrire_incidents(releve, tmp_path / "releve.csv")
    content = done.chemin.read_bytes()
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    heading = {line[0]: line[1:] for line in lines[: lines.index([])]}
    assert heading["cabinet"] == ["essai"]
    assert heading["émetteur"] == [f"{PRESTATAIRE:0>14}"]
    assert heading["période"] == ["22/07/2026", "20/10/2026"]
    count, told_apart = heading["nombre"]
    assert count == str(len(lines) - lines.index([]) - 2) == str(done.incidents)
    follow_ups = sum(one.nature in ("renvoi", "relot", "duplicata") for one in releve.incidents)
    assert told_apart == f"{done.incidents - follow_ups} incidents, {follow_ups} suites"
    fail(practice, LATE)
    assert verifier_journal(practice, tete=parse_head(heading["tête du journal"][0])).intact
    for nir, _, _ in PATIENTS:
        assert nir.encode() not in content
    for name in ("LEFÈVRE", "LEFEVRE", "ZOÉ"):
        assert name not in content.decode("utf-8-sig").upper()


def test_a_cell_that_a_spreadsheet_would_compute_is_text(practice: Practice, tmp_path: Path) -> None:
    fail(practice, JOUR, code="=1+1")
    path = ecrire_incidents(incidents(practice, le=LATE), tmp_path / "releve.csv").chemin
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")


def test_what_was_recorded_has_an_instant(practice: Practice) -> None:
    """Written by another clock than that of the days: each has that of its event."""
    exchange(practice)
    found = {one.nature: one.instant for one in log(practice) if one.nature != "accuse_absent"}
    assert found.pop("envoi") == "2026-10-05T12:00:00.000000Z"
    assert set(found.values()) == {"2026-10-06T12:00:00.000000Z"}


def test_an_answer_of_the_payer_proves_that_the_lot_arrived(practice: Practice) -> None:
    """Paid before its acknowledgement was due, nothing is missing; later, it is told of what was missing."""
    send(practice, emit(practice, facture("V-1")))
    (answer,) = answers(practice)
    in_time, late = date(2026, 10, 7), date(2026, 10, 9)
    assert [one.verdict for one in recevoir(practice, [answer], fichier="r.noe", le=in_time)] == ["recu"]
    assert log(practice) == []
    with practice.journal.transaction(datetime(2026, 10, 9, tzinfo=UTC)) as transaction:
        transaction.connection.execute(update(fichier_recu).values(recu_le=to_days(late)))
    assert [(one.nature, one.suite) for one in log(practice)] == [
        ("accuse_absent", "L'organisme a répondu le 09/10/2026.")
    ]


def test_an_outage_is_one_failure_with_the_files_that_it_kept(tmp_path: Path) -> None:
    with practice_with_outbox(tmp_path / "cabinet") as outbox:
        emit_more(outbox, "V-3")
        (outbox.cabinet.folder / "oct").rename(outbox.cabinet.folder / "ailleurs")
        envoyer(outbox)
        (one,) = log(outbox)
        assert (one.nature, one.libelle, one.code, one.factures) == (
            "panne",
            "Panne (envoi)",
            "transport.dossier",
            (1, 2, 3),
        )
        assert (one.fichier, len(one.lots), one.suite) == (f"{NAME} {NAME[:-1]}2", 2, "Rien encore.")
        (outbox.cabinet.folder / "ailleurs").rename(outbox.cabinet.folder / "oct")
        envoyer(outbox)
        assert log(outbox)[0].suite == "Parti le 06/10/2026, à l'essai n° 2."


def test_the_words_and_the_hour(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        send(practice, emit(practice))
        resend(practice, 1, date(2026, 10, 8))
        fail(practice, JOUR, nature="releve", code="transport.dossier")
        print_duplicate(practice, 1, date(2026, 10, 8))
    text = Shell(tmp_path / "cabinet").ok("incidents", "--le", "2026-10-20")
    assert "2 incidents, 2 suites" in text
    assert "05/10/2026  14:00  Panne (relève) [transport.dossier]" in text, "noon in UTC"
    assert "08/10/2026         Accusé absent" in text
    assert "Renvoi décidé [sans_accuse] : Lot à renvoyer sans changement : accusé absent." in text
    assert "→ Pas encore parti." in text
    assert "Duplicata n° 1 à envoyer à la caisse, l'assuré n'a pas pu signer" in text


def test_the_command(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        exchange(practice)
    shell = Shell(tmp_path / "cabinet")
    text = shell.ok("incidents", "--le", "2026-10-20", "--sortie", "releve.csv")
    assert "La carte a été retirée." in text
    assert "→ Parti le 05/10/2026, à l'essai n° 2." in text
    assert (shell.folder / "releve.csv").exists()
    found = json.loads(shell.ok("incidents", "--le", "2026-10-20", "--format", "json"))
    assert found["tete"] in text
    done = shell.run("incidents", "--depuis", "2026-10-20", "--jusqu", "2026-10-01")
    assert (done.returncode, "incidents.periode" in done.stderr) == (2, True)
