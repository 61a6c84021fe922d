"""A backup taken while others write, put back after more was emitted: no number serves twice."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.reprendre import DerniersNumeros, Reprise, reprendre_allocation
from fse.app.operations.journal.sauvegarder import Restauration, declarer_restauration, restaurer_journal
from fse.app.operations.journal.sauvegarder import sauvegarder_journal as sauvegarder
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import FseError, StorageError
from fse.infra.journal import Genre
from tests.app.cabinet import CLE, JOUR, PRESTATAIRE, document, facture, reopen, write_cabinet
from tests.app.emitted import noe, receive, rows
from tests.app.journal.hand import by_hand
from tests.app.journal.scene import emit
from tests.infra.journal.facts import NOW

NOTHING = DerniersNumeros(factures={}, lots={}, fichier=0)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(FseError) as raised:
        call()
    return raised.value.code


def put_back(practice: Practice, backup: Path, cle: str = CLE) -> Restauration:
    practice.close()
    return restaurer_journal(practice.cabinet, backup, cle, auteur="essai", motif="panne", mettre_de_cote=True)


def resume(practice: Practice, numeros: DerniersNumeros = NOTHING, fichiers: Path | None = None) -> Reprise:
    return reprendre_allocation(practice, numeros, auteur="essai", motif="panne", fichiers=fichiers)


def test_a_backup_is_one_private_file_that_holds_everything(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    path = tmp_path / "sauvegarde.sqlite"
    done = sauvegarder(practice, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(tmp_path.glob("*sauvegarde*")) == [path]
    assert (done.octets, done.tete_rang, done.tete_mac) == (
        path.stat().st_size,
        practice.journal.head().rang,
        practice.journal.head().mac,
    )
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(practice.cabinet.journal_path)) as source:
        assert list(copy.iterdump()) == list(source.iterdump())


def test_a_backup_overwrites_nothing(practice: Practice, tmp_path: Path) -> None:
    path = tmp_path / "sauvegarde.sqlite"
    path.write_text("autre chose")
    assert code_of(lambda: sauvegarder(practice, path)) == "sortie.existe"
    assert path.read_text() == "autre chose"
    assert code_of(lambda: sauvegarder(practice, tmp_path / "absent" / "s.sqlite")) == "sortie.impossible"


def test_a_broken_journal_gives_no_backup(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    by_hand(practice, "UPDATE evenement SET contenu = '{}' WHERE rang = 1")
    assert code_of(lambda: sauvegarder(practice, tmp_path / "s.sqlite")) == "journal.sauvegarde_rompue"
    assert [one.name for one in tmp_path.iterdir()] == ["cabinet"]


def test_backups_taken_while_others_write_are_each_whole(practice: Practice, tmp_path: Path) -> None:
    stop = Event()

    def write() -> None:
        while not stop.is_set():
            with practice.journal.transaction(NOW) as transaction:
                transaction.store("fse", b"x" * 4000)
                transaction.event(Genre.RELANCE_DECIDEE, {"essai": 1})

    writer = Thread(target=write)
    writer.start()
    try:
        heads = [sauvegarder(practice, tmp_path / f"s{ordinal}.sqlite").tete_rang for ordinal in range(5)]
    finally:
        stop.set()
        writer.join()
    assert heads == sorted(heads)
    assert heads[-1] > heads[0]
    for ordinal, rang in enumerate(heads):
        with closing(sqlite3.connect(tmp_path / f"s{ordinal}.sqlite")) as copy:
            events, contents = (
                copy.execute(f"SELECT COUNT(*) FROM {one}").fetchone()[0] for one in ("evenement", "contenu")
            )
        assert events == contents == rang


def test_no_number_serves_twice_after_an_old_backup(practice: Practice, tmp_path: Path) -> None:
    folder = practice.cabinet.folder
    before = emit(practice, "V-1", "V-2")
    sauvegarder(practice, tmp_path / "s.sqlite")
    lost = [*emit(practice, "V-3"), *emit(practice, "V-4")]
    assert (before, lost) == ([1, 2], [3, 4])
    old = practice.journal.head()

    done = put_back(practice, tmp_path / "s.sqlite")
    assert done.mis_de_cote is not None
    with reopen(folder) as restored:
        assert verifier_journal(restored).intact
        assert not verifier_journal(restored, tete=old).intact
        assert code_of(lambda: securiser(restored, document(facture("V-5")), le=JOUR)) == "journal.a_reprendre"
        assert [one.verdict for one in receive(restored, noe())] == ["recu"]

        assert code_of(lambda: resume(restored)) == "reprise.numero_manquant"
        assert code_of(lambda: resume(restored, fichiers=folder / "envoi")) == "reprise.numero_manquant"
        told = DerniersNumeros(factures={PRESTATAIRE: 2}, lots={}, fichier=0)
        raised = {one.nom: (one.avant, one.apres) for one in resume(restored, told, folder / "envoi").compteurs}
        assert raised == {
            f"facture/{PRESTATAIRE}": (2, 4),
            f"lot/{PRESTATAIRE}": (1, 3),
            f"fichier/{PRESTATAIRE:0>14}": (1, 3),
        }
        assert emit(restored, "V-5") == [5]
        [last] = rows(restored, "SELECT MAX(numero_lot) AS lot, COUNT(*) AS lots FROM lot")
        assert last == {"lot": 4, "lots": 2}
        assert sorted(path.name[-9:] for path in (folder / "envoi").glob("*.b2")) == [
            f"{ordinal:06d}.b2" for ordinal in (1, 2, 3, 4)
        ]
        assert verifier_journal(restored).intact
        assert code_of(lambda: resume(restored, told, folder / "envoi")) == "reprise.non_suspendu"
    shutil.copy(done.mis_de_cote, folder / "journal.sqlite")
    with reopen(folder) as kept:
        assert verifier_journal(kept, tete=old).intact


def test_what_is_told_wins_when_it_is_greater(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    sauvegarder(practice, tmp_path / "s.sqlite")
    put_back(practice, tmp_path / "s.sqlite")
    with reopen(practice.cabinet.folder) as restored:
        unknown = DerniersNumeros(factures={"002345676": 3}, lots={}, fichier=0)
        assert code_of(lambda: resume(restored, unknown)) == "reprise.praticien_inconnu"
        assert code_of(lambda: resume(restored, NOTHING, tmp_path / "rien")) == "reprise.dossier"
        told = DerniersNumeros(factures={PRESTATAIRE: 40}, lots={PRESTATAIRE: 12}, fichier=9)
        resume(restored, told, practice.cabinet.folder / "envoi")
        assert emit(restored, "V-2") == [41]
        assert rows(restored, "SELECT MAX(numero_lot) AS lot FROM lot") == [{"lot": 13}]
        assert rows(restored, "SELECT MAX(identifiant) AS fichier FROM fichier_emis") == [{"fichier": "000010"}]


def test_counters_never_go_down(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1", "V-2", "V-3")
    sauvegarder(practice, tmp_path / "s.sqlite")
    put_back(practice, tmp_path / "s.sqlite")
    with reopen(practice.cabinet.folder) as restored:
        told = DerniersNumeros(factures={PRESTATAIRE: 1}, lots={PRESTATAIRE: 1}, fichier=1)
        assert resume(restored, told).compteurs == ()
        assert emit(restored, "V-4") == [4]


def test_a_journal_in_place_is_not_overwritten(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    sauvegarder(practice, tmp_path / "s.sqlite")
    head = practice.journal.head()
    refused = code_of(lambda: restaurer_journal(practice.cabinet, tmp_path / "s.sqlite", CLE, auteur="e", motif="e"))
    assert refused == "journal.existe"
    assert practice.journal.head() == head


def test_a_journal_in_use_is_not_set_aside(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    sauvegarder(practice, tmp_path / "s.sqlite")
    with practice.journal.reading() as reading:
        reading.connection.exec_driver_sql("SELECT COUNT(*) FROM evenement").all()
        refused = code_of(
            lambda: restaurer_journal(
                practice.cabinet, tmp_path / "s.sqlite", CLE, auteur="e", motif="e", mettre_de_cote=True
            )
        )
    assert refused == "journal.verrouille"
    assert verifier_journal(practice).intact


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "journal.sauvegarde_absente"), (b"", "journal.absent"), (b"%PDF" * 900, "journal.illisible")],
)
def test_what_is_no_backup_changes_nothing(
    practice: Practice, tmp_path: Path, content: bytes | None, code: str
) -> None:
    emit(practice, "V-1")
    if content is not None:
        (tmp_path / "s.sqlite").write_bytes(content)
    assert code_of(lambda: put_back(practice, tmp_path / "s.sqlite")) == code
    with reopen(practice.cabinet.folder) as untouched:
        assert verifier_journal(untouched).intact
    assert sorted(one.name for one in practice.cabinet.folder.glob("*journal*")) == ["journal.sqlite"]


def test_a_damaged_backup_or_another_key_changes_nothing(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    path = tmp_path / "s.sqlite"
    sauvegarder(practice, path)
    assert code_of(lambda: put_back(practice, path, "une autre clé, longue")) == "journal.cle"
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute("DELETE FROM evenement WHERE rang = 2")
    assert code_of(lambda: put_back(practice, path)) == "journal.sauvegarde_rompue"
    with reopen(practice.cabinet.folder) as untouched:
        assert verifier_journal(untouched).intact


def test_a_damaged_journal_is_kept_as_it_is(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    sauvegarder(practice, tmp_path / "s.sqlite")
    practice.close()
    practice.cabinet.journal_path.write_bytes(b"ruine" * 1000)
    done = put_back(practice, tmp_path / "s.sqlite")
    assert done.mis_de_cote is not None
    assert done.mis_de_cote.read_bytes() == b"ruine" * 1000
    with reopen(practice.cabinet.folder) as restored:
        assert verifier_journal(restored).intact


def test_an_absent_journal_is_put_back_elsewhere(practice: Practice, tmp_path: Path) -> None:
    emit(practice, "V-1")
    sauvegarder(practice, tmp_path / "s.sqlite")
    elsewhere = write_cabinet(tmp_path / "neuf")
    assert restaurer_journal(elsewhere, tmp_path / "s.sqlite", CLE, auteur="e", motif="e").mis_de_cote is None
    with open_journal(elsewhere, CLE) as restored:
        assert verifier_journal(restored).intact
        assert code_of(lambda: securiser(restored, document(facture("V-2")), le=JOUR)) == "journal.a_reprendre"


def test_a_journal_put_back_by_other_means_is_suspended_too(practice: Practice) -> None:
    emit(practice, "V-1")
    declarer_restauration(practice, auteur="essai", motif="pg_restore")
    assert verifier_journal(practice).intact
    assert code_of(lambda: securiser(practice, document(facture("V-2")), le=JOUR)) == "journal.a_reprendre"
    by_hand(practice, "DELETE FROM suspension")
    assert not verifier_journal(practice).intact


def test_a_journal_that_is_absent_is_not_created_by_its_upkeep(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path)
    with pytest.raises(StorageError) as raised:
        open_journal(cabinet, CLE)
    assert raised.value.code == "journal.absent"
    assert not cabinet.journal_path.exists()
