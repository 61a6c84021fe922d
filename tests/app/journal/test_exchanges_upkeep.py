"""Another key, a backup, a restoration: what passed between a practice and its payers follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fse.app.operations.journal.archives import verifier_archives
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.reprendre import DerniersNumeros, reprendre_allocation
from fse.app.operations.journal.rotation import tourner_cle
from fse.app.operations.journal.sauvegarder import restaurer_journal, sauvegarder_journal
from fse.app.operations.practice import Practice
from fse.app.operations.relancer import relancer
from fse.app.operations.securiser import securiser
from fse.app.operations.transmission.envoyer import envoyer
from fse.base.errors import UsageError
from fse.infra.journal.facts.exchanges import envois
from tests.app.cabinet import CLE, JOUR, PRESTATAIRE, document, facture, reopen
from tests.app.emitted import derived, rows
from tests.app.journal.exchanges import emit, exchange, folder_practice
from tests.app.journal.scene import found


def outbox(practice: Practice) -> list[str]:
    with practice.journal.reading() as reading:
        return [one.identifiant for one in envois.outbox(reading)]


def sent(practice: Practice) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (practice.cabinet.folder / "oct").iterdir()}


def send(practice: Practice) -> None:
    envoyer(practice, mot_de_passe=lambda: "", le=JOUR)


def test_another_key_opens_everything(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        exchange(practice)
        tourner_cle(practice, CLE, "une autre clé, longue", auteur="essai", motif="essai")
        audit = verifier_archives(practice)
        assert (audit.ecarts, found(practice)) == ((), [])


def test_what_is_computed_again_is_what_was(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        exchange(practice)
        before = derived(practice)
        assert reconstruire_journal(practice).ecarts == ()
        assert derived(practice) == before


def test_a_backup_holds_what_was_exchanged(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        exchange(practice)
        count = rows(practice, "SELECT COUNT(*) AS n FROM evenement")[0]["n"]
        sauvegarder_journal(practice, tmp_path / "copie.sqlite")
        cabinet = practice.cabinet
    restaurer_journal(cabinet, tmp_path / "copie.sqlite", CLE, auteur="essai", motif="essai", mettre_de_cote=True)
    with reopen(cabinet.folder) as practice:
        assert found(practice) == []
        assert rows(practice, "SELECT COUNT(*) AS n FROM evenement") == [{"n": int(str(count)) + 1}]


def test_a_sheet_that_left_after_the_backup_is_named_before_it_leaves_twice(tmp_path: Path) -> None:
    with folder_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("V-1"), facture("V-2", patient=1)), le=JOUR)
        sauvegarder_journal(practice, tmp_path / "copie.sqlite")
        emit(practice)
        cabinet = practice.cabinet
    restaurer_journal(cabinet, tmp_path / "copie.sqlite", CLE, auteur="essai", motif="essai", mettre_de_cote=True)
    with reopen(cabinet.folder) as practice:
        told = DerniersNumeros(factures={PRESTATAIRE: 3}, lots={}, fichier=1)
        done = reprendre_allocation(practice, told, auteur="essai", motif="essai", fichiers=cabinet.folder / "envoi")
        assert [(one.numero, one.fichier) for one in done.deja_parties] == [(1, "000001"), (2, "000001")]


def test_a_file_that_sent_a_lot_again_after_the_backup_gives_its_number_to_no_other(tmp_path: Path) -> None:
    """It is on no disk: only who saw it leave can tell its number."""
    with folder_practice(tmp_path / "cabinet") as practice:
        (practice.cabinet.folder / "oct").mkdir()
        emit(practice)
        send(practice)
        sauvegarder_journal(practice, tmp_path / "copie.sqlite")
        relancer(practice, le=JOUR + timedelta(days=7))
        send(practice)
        assert max(one.name for one in (practice.cabinet.folder / "oct").iterdir()).endswith("-000002.p7m")
        cabinet = practice.cabinet
    restaurer_journal(cabinet, tmp_path / "copie.sqlite", CLE, auteur="essai", motif="essai", mettre_de_cote=True)
    with reopen(cabinet.folder) as practice:
        folder = cabinet.folder / "envoi"
        told = DerniersNumeros(factures={PRESTATAIRE: 3}, lots={}, fichier=0)
        with pytest.raises(UsageError) as caught:
            reprendre_allocation(practice, told, auteur="essai", motif="essai", fichiers=folder)
        assert caught.value.code == "reprise.fichier_manquant"
        reprendre_allocation(practice, replace(told, fichier=2), auteur="essai", motif="essai", fichiers=folder)
        assert emit(practice, facture("V-9", patient=2)) == "000003"


def test_a_file_sent_after_the_backup_leaves_again_the_same(tmp_path: Path) -> None:
    """The restored journal does not know that it left: same name, same bytes, hence recognised by who receives it."""
    with folder_practice(tmp_path / "cabinet") as practice:
        (practice.cabinet.folder / "oct").mkdir()
        identifiant = emit(practice)
        sauvegarder_journal(practice, tmp_path / "copie.sqlite")
        send(practice)
        first, cabinet = sent(practice), practice.cabinet
        assert outbox(practice) == []
    restaurer_journal(cabinet, tmp_path / "copie.sqlite", CLE, auteur="essai", motif="essai", mettre_de_cote=True)
    with reopen(cabinet.folder) as practice:
        assert outbox(practice) == [identifiant]
        for path in (cabinet.folder / "oct").iterdir():
            path.unlink()  # the OCT took it away
        send(practice)
        assert sent(practice) == first
        assert outbox(practice) == []
