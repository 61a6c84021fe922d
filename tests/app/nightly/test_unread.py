"""What could not be read is told in the morning, and nothing is sent again while an answer may lie in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fse.app.nightly import folders, steps
from fse.app.nightly.nuit import Nuit, nuit
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import FichierRecu, recevoir
from fse.app.operations.suivi import suivi
from fse.base.errors import StorageError, UsageError
from fse.infra.journal.facts import nuits
from fse.infra.journal.facts.nuits import DerniereNuit, Laisse
from tests.app.accused import arl
from tests.app.cabinet import MOT_DE_PASSE
from tests.app.nightly.scene import counts, drop, issues, night, night_practice
from tests.app.transmission.scene import answers, arrive, rows, sealed
from tests.findings.registry import changed

MARDI, MERCREDI, JEUDI, VENDREDI, LUNDI = (date(2026, 10, day) for day in (6, 7, 8, 9, 12))
"""The file leaves on Tuesday: its acknowledgement is missing once Thursday, the second working day, is over."""

RELANCES = "SELECT COUNT(*) AS n FROM relance"


def last(practice: Practice) -> DerniereNuit:
    with practice.journal.reading() as reading:
        found = nuits.last(reading, datetime.now(UTC))
    assert found is not None
    return found


def missed(practice: Practice) -> dict[str, tuple[int, str]]:
    """The steps of the last night that somebody must look at: exit status and why."""
    return {one.etape: (one.statut, one.motif) for one in last(practice).etapes if one.manquee}


def no_password() -> str:
    raise UsageError("secret.absent", "Le mot de passe manque.", action="Le donner.")


def without_password(practice: Practice, le: date) -> Nuit:
    return nuit(practice, mot_de_passe=lambda: MOT_DE_PASSE, mot_de_passe_cle=no_password, le=le)


def wrong_password(practice: Practice, le: date) -> Nuit:
    return nuit(practice, mot_de_passe=lambda: MOT_DE_PASSE, mot_de_passe_cle=lambda: "faux", le=le)


@pytest.mark.parametrize(
    ("poor_night", "why"), [(without_password, "Le mot de passe manque."), (wrong_password, "mot de passe")]
)
def test_no_resend_while_a_message_cannot_be_opened(
    tmp_path: Path, poor_night: Callable[[Practice, date], Nuit], why: str
) -> None:
    """The acknowledgement waits there, encrypted for the practice."""
    with night_practice(tmp_path / "cabinet") as practice:
        night(practice, MARDI)
        arrive(practice, "accuse.p7m", sealed(("998.arl", arl())))
        done = poor_night(practice, VENDREDI)
        assert (issues(done)["relever"], issues(done)["relancer"], issues(done)["rapport"]) == (
            "faite",
            "non_faite",
            "faite",
        )
        assert rows(practice, RELANCES) == [{"n": 0}]
        assert done.statut == 4
        told = missed(practice)
        assert set(told) == {"relever", "relancer"}
        assert told["relever"][0] == 4
        assert why in told["relever"][1]
        assert "1 courrier" in told["relancer"][1]
        (left,) = last(practice).laisses
        assert (left.lieu, left.nombre, why in left.raison) == ("arrivees", 1, True)

        read = night(practice, VENDREDI)
        assert counts(read, "relancer") == {}, "it had been acknowledged"
        assert (missed(practice), last(practice).laisses) == ({}, ())


def test_no_resend_while_a_message_may_not_be_kept(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        night(practice, MARDI)
        arrive(practice, "reel.noe", changed(answers(practice)[0], 70, b"R"))
        assert issues(night(practice, VENDREDI))["relancer"] == "non_faite"
        assert rows(practice, RELANCES) == [{"n": 0}]


def test_no_resend_while_a_file_that_was_dropped_is_unread(tmp_path: Path) -> None:
    """Encrypted for somebody, then still on its way; what is simply not ours holds nothing up."""
    with night_practice(tmp_path / "cabinet") as practice:
        night(practice, MARDI)
        dropped = drop(practice, "accuse.p7m", sealed(("998.arl", arl())))
        done = wrong_password(practice, VENDREDI)
        assert (issues(done)["recevoir"], issues(done)["relancer"], done.statut) == ("faite", "non_faite", 4)
        os.utime(dropped)
        done = night(practice, VENDREDI)
        assert (issues(done)["relancer"], done.statut) == ("non_faite", 0)
        dropped.unlink()
        drop(practice, "lettre.pdf", b"%PDF-1.7")
        assert counts(night(practice, VENDREDI), "relancer") == {"renvois": 1}


def test_what_is_left_is_told_by_place_and_reason_without_a_name(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        drop(practice, "Mme-Dupont.pdf", b"%PDF-1.7")
        drop(practice, "M-Martin.pdf", b"%PDF-1.7")
        drop(practice, "en-route.noe", b"").touch()
        arrive(practice, "lettre.pdf", b"%PDF-1.7")
        night(practice, MARDI)
        left = last(practice).laisses
        assert [(one.lieu, one.nombre) for one in left] == [("arrivees", 1), ("depots", 2), ("depots", 1)]
        assert left[0].raison.startswith("Ce courrier ne contient rien pour fse")
        assert left[1].raison.startswith("Ce contenu n'est ni un fichier B2")
        assert left[2].raison == "Sa copie n'est peut-être pas finie."
        assert all(isinstance(one, Laisse) and one.action for one in left)
        told = rows(practice, "SELECT lieu, raison, action FROM nuit_laisse")
        assert not any(name in str(one) for one in told for name in ("Dupont", "Martin", "en-route"))


def test_a_file_that_stays_here_says_why(tmp_path: Path) -> None:
    """Another file has its name where it should go."""
    with night_practice(tmp_path / "cabinet") as practice:
        (written,) = (practice.cabinet.folder / "envoi").glob("*.p7m")
        (practice.cabinet.folder / "oct" / written.name).write_bytes(b"autre")
        done = night(practice, MARDI)
        assert (done.statut, issues(done)["envoyer"]) == (5, "faite")
        statut, motif = missed(practice)["envoyer"]
        assert statut == 5
        assert written.stem in motif


def test_a_fetch_that_misses_nothing_ends_the_failure_of_another(tmp_path: Path) -> None:
    with night_practice(tmp_path / "cabinet") as practice:
        folder = practice.cabinet.folder / "arrivees"
        moved = folder.rename(folder.with_name("ailleurs"))
        night(practice, MARDI)
        assert failure(practice, MARDI)
        moved.rename(folder)
        arrive(practice, "ferme.p7m", sealed(("998.arl", arl())))
        wrong_password(practice, MERCREDI)
        assert failure(practice, MERCREDI), "a message was left unread"
        (folder / "ferme.p7m").unlink()
        night(practice, JEUDI)
        assert failure(practice, JEUDI) == ""


def failure(practice: Practice, le: date) -> str:
    retours = suivi(practice, le=le).retours
    assert retours is not None
    return retours.echec


def test_a_fault_of_ours_stops_one_step_and_shows_nothing_of_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Mme DUPONT")

    with night_practice(tmp_path / "cabinet") as practice:
        monkeypatch.setattr(steps, "receive_folders", broken)
        done = night(practice, MARDI)
        assert issues(done) == {
            "envoyer": "faite",
            "relever": "faite",
            "recevoir": "echec",
            "relancer": "non_faite",
            "renvoyer": "sans_objet",
            "rapport": "faite",
        }
        assert done.statut == 5
        assert "(RuntimeError, test_unread.py ligne " in missed(practice)["recevoir"][1]
        assert "DUPONT" not in str(rows(practice, "SELECT motif FROM nuit_etape"))
        assert done.page is not None


def test_a_file_that_breaks_its_reading_keeps_no_other_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(practice: Practice, contents: list[bytes], **given: Any) -> object:
        if contents[0].startswith(b"casse"):
            raise RuntimeError
        return recevoir(practice, contents, **given)

    with night_practice(tmp_path / "cabinet") as practice:
        monkeypatch.setattr(folders, "recevoir", fragile)
        drop(practice, "a.noe", b"casse")
        drop(practice, "b.arl", arl())
        night(practice, MARDI)
        done = night(practice, MARDI)
        assert [(one.nom, one.sort, one.statut) for one in done.depots] == [("a.noe", "interrompu", 5)]
        assert (practice.cabinet.folder / "depots" / "recus" / "b.arl").is_file()


def test_what_was_received_before_the_journal_refuses_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second file holds two logical files: the disk is full after the first of them."""

    def full(practice: Practice, contents: list[bytes], *, fichier: str, le: date) -> object:
        for one in recevoir(practice, contents, fichier=fichier, le=le):
            yield one
            assert isinstance(one, FichierRecu)
            if fichier == "b.noe":
                raise StorageError("journal.disque", "Le disque est plein.", action="Faire de la place.")

    with night_practice(tmp_path / "cabinet") as practice:
        (answer,) = answers(practice)
        monkeypatch.setattr(folders, "recevoir", full)
        drop(practice, "a.arl", arl())
        drop(practice, "b.noe", answer)
        done = night(practice, MARDI)
        assert issues(done)["recevoir"] == "echec"
        assert (counts(done, "recevoir")["fichiers_recus"], counts(done, "recevoir")["factures"]) == (2, 2)
        assert [(one.nom, one.sort) for one in done.depots] == [("a.arl", "recu"), ("b.noe", "interrompu")]
        assert (practice.cabinet.folder / "depots" / "b.noe").is_file(), "read again by the next night"
