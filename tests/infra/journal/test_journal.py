"""A journal is created once, opened by its key, written all or nothing; nothing personal stands in its files."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from fse.base.errors import StorageError
from fse.infra.journal import Genre, Journal
from fse.infra.journal.dialects import Place
from fse.infra.journal.events import utc_instant
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.schema.fact_tables import facture
from fse.infra.journal.schema.tables import compteur, evenement, personne
from tests.infra.journal.facts import (
    CABINET,
    CLE,
    IDENTITE,
    NIR,
    NOW,
    PRESTATAIRE,
    cancel,
    freeze_file,
    make_lot,
    mark_written,
    on_sqlite,
    secure,
)


def storage_code(error: pytest.ExceptionInfo[StorageError]) -> str:
    assert error.value.status == 5
    return error.value.code


def test_what_is_committed_is_there_after_opening_again(place: Place) -> None:
    with Journal.create(place, CABINET, CLE, "D", NOW) as journal, journal.transaction(NOW) as transaction:
        secure(transaction, 1)
    with Journal.open(place, CABINET, CLE) as journal, journal.reading() as reading:
        assert journal.marque == "D"
        found = factures.find(reading, PRESTATAIRE, 1)
        assert found is not None
        assert found.contenu_fse is not None
        assert reading.load(found.contenu_fse) == f"{NIR} MARTINEAU 1".encode()
        assert reading.load_person(found.personne).identite == IDENTITE
        assert journal.verify() == []


@on_sqlite
def test_errors_of_opening(place: Place, journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "image.sqlite").write_bytes(b"%PDF-1.7" * 200)
    (tmp_path / "vide.sqlite").write_bytes(b"")
    with sqlite3.connect(tmp_path / "autre.sqlite") as other:
        other.execute("CREATE TABLE cabinet (cabinet TEXT)")
    other.close()
    cases = {
        (place, CABINET, "mauvaise"): "journal.cle",
        (place, "autre", CLE): "journal.autre_cabinet",
        (tmp_path / "rien.sqlite", CABINET, CLE): "journal.absent",
        (tmp_path / "vide.sqlite", CABINET, CLE): "journal.absent",
        (tmp_path, CABINET, CLE): "journal.absent",
        (tmp_path / "image.sqlite", CABINET, CLE): "journal.illisible",
        (tmp_path / "autre.sqlite", CABINET, CLE): "journal.illisible",
    }
    for (where, cabinet, cle), code in cases.items():
        with pytest.raises(StorageError) as error:
            Journal.open(where, cabinet, cle)
        assert storage_code(error) == code
    assert not (tmp_path / "rien.sqlite").exists()


@on_sqlite
def test_a_journal_is_created_once_and_somewhere(place: Place, journal: Journal, tmp_path: Path) -> None:
    for where, code in [(place, "journal.existe"), (tmp_path / "absent" / "j.sqlite", "journal.inaccessible")]:
        with pytest.raises(StorageError) as error:
            Journal.create(where, CABINET, CLE, "T", NOW)
        assert storage_code(error) == code
    assert journal.verify() == []


def test_a_journal_of_another_version_is_refused(place: Place, journal: Journal, store: str) -> None:
    stamp = {"sqlite": "PRAGMA user_version = 99", "postgresql": "UPDATE fse_journal SET version = 99"}[store]
    with journal.engine.begin() as connection:
        connection.exec_driver_sql(stamp)
    with pytest.raises(StorageError) as error:
        Journal.open(place, CABINET, CLE)
    assert storage_code(error) == "journal.version"


def test_the_marking_cannot_be_changed(place: Place, journal: Journal) -> None:
    with journal.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cabinet SET marque = 'D'")
    with pytest.raises(StorageError) as error:
        Journal.open(place, CABINET, CLE)
    assert storage_code(error) == "journal.cle"


def secure_and_fail(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        transaction.allocate("essai")
        raise ZeroDivisionError


def test_an_exception_undoes_everything(journal: Journal) -> None:
    with pytest.raises(ZeroDivisionError):
        secure_and_fail(journal)
    with journal.reading() as reading:
        for table in (facture, personne, compteur, evenement):
            assert reading.connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert journal.head().rang == 0


def test_a_refusal_of_the_database_is_typed_and_silent_about_values(journal: Journal) -> None:
    with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
        transaction.connection.execute(insert(compteur), [{"cabinet": CABINET, "nom": NIR, "valeur": 1}] * 2)
    assert storage_code(error) == "journal.contrainte"
    assert NIR not in f"{error.value} {error.value.__cause__}"


def test_a_reading_is_one_snapshot_and_writes_nothing(journal: Journal) -> None:
    with journal.reading() as reading:
        assert factures.waiting(reading) == []
        with journal.transaction(NOW) as transaction:
            secure(transaction, 1)
        assert factures.waiting(reading) == []
    with journal.reading() as reading:
        assert len(factures.waiting(reading)) == 1
        reading.connection.execute(insert(compteur).values(cabinet=CABINET, nom="essai", valeur=1))
    with journal.reading() as reading:
        assert reading.connection.execute(select(compteur)).first() is None


def test_a_long_writer_gives_others_a_typed_error(
    place: Place, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fse.infra.journal.sqlite._BUSY_SECONDS", 0.05)
    monkeypatch.setattr("fse.infra.journal.postgresql._LOCK_SECONDS", 0.05)
    with Journal.open(place, CABINET, CLE) as other, journal.transaction(NOW):
        with pytest.raises(StorageError) as error, other.transaction(NOW):
            pass
        assert storage_code(error) == "journal.verrouille"


def test_counters_are_apart_and_never_give_a_number_twice(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        assert [transaction.allocate("a"), transaction.allocate("a"), transaction.allocate("b", 500)] == [1, 2, 500]
    with journal.transaction(NOW) as transaction:
        assert [transaction.allocate("a"), transaction.allocate("b", 1)] == [3, 501]


def test_one_person_is_one_row_and_nobody_is_never_the_same(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        first = transaction.person(NIR, IDENTITE)
        child = transaction.person(NIR, b"autre beneficiaire")
        nobody = [transaction.person("", IDENTITE), transaction.person("2555555331042", IDENTITE)]
    with journal.transaction(NOW) as transaction:
        assert transaction.person(NIR, IDENTITE) == first
        assert len({first, child, *nobody, transaction.person("", IDENTITE)}) == 5
        assert transaction.load_person(child).nir == NIR
        assert NIR not in repr(transaction.load_person(child))


def test_purging_a_person_leaves_the_chain_whole(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        purged = secure(transaction, 1).personne
    with journal.transaction(NOW) as transaction:
        transaction.connection.execute(personne.delete().where(personne.c.id == purged))
    assert journal.verify() == []
    with journal.reading() as reading:
        for load in (reading.load_person, reading.load):
            with pytest.raises(StorageError) as error:
                load(purged)
            assert storage_code(error) == "journal.contenu_absent"


def test_a_ciphertext_moved_to_another_row_is_refused(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        first, second = transaction.store("fse", b"un"), transaction.store("fse", b"deux")
        transaction.connection.exec_driver_sql(
            f"UPDATE contenu SET chiffre = (SELECT chiffre FROM contenu WHERE id = '{first}') WHERE id = '{second}'"
        )
    with journal.reading() as reading:
        assert reading.load(first) == b"un"
        with pytest.raises(StorageError) as error:
            reading.load(second)
    assert storage_code(error) == "journal.chiffre"


@on_sqlite
def test_nothing_personal_stands_in_the_files(place: Path) -> None:
    secrets = [NIR.encode(), b"MARTINEAU", b"CLEMENTINE", CLE.encode(), NIR.encode().hex().encode(), b"TUFSVElORUFV"]
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        with journal.transaction(NOW) as transaction:
            secure(transaction, 1)
            secure(transaction, 2)
            secure(transaction, 3)
            cancel(transaction, 3)
            key = make_lot(transaction, 1, [1, 2])
            lots.sign(transaction, key, NIR.encode() + b" cms")
            freeze_file(transaction, "000001", [key])
            mark_written(transaction, "000001")
            transaction.store("recu", NIR.encode() * 1000)
        beside = [*place.parent.glob("journal.sqlite*")]
        assert len(beside) == 3
        data = b"".join(file.read_bytes() for file in beside)
        assert PRESTATAIRE.encode() in data
        assert [secret for secret in secrets if secret in data] == []
    assert [secret for secret in secrets if secret in place.read_bytes()] == []


def test_events_carry_an_instant_in_utc(journal: Journal) -> None:
    paris = timezone(timedelta(hours=1))
    with journal.transaction(datetime(2026, 3, 2, 0, 30, tzinfo=paris)) as transaction:
        transaction.event(Genre.ACTE_MANUEL, {"facture": 1})
    with journal.reading() as reading:
        assert reading.connection.execute(select(evenement.c.instant)).scalar_one() == "2026-03-01T23:30:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        utc_instant(datetime(2026, 3, 2))  # noqa: DTZ001 - the point of the test


@on_sqlite
def test_the_file_is_kept_as_a_system_of_record_should(journal: Journal) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with journal.reading() as reading:
        found = {name: reading.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected}
        tables = reading.connection.exec_driver_sql("PRAGMA table_list").mappings().all()
        assert reading.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert found == expected
    loose = [row["name"] for row in tables if row["type"] == "table" and row["schema"] == "main" and not row["strict"]]
    assert sorted(loose) == ["sqlite_schema", "sqlite_stat1"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
@on_sqlite
def test_only_its_owner_reads_the_file(place: Path, journal: Journal) -> None:
    with journal, journal.reading():
        assert {one.stat().st_mode & 0o077 for one in place.parent.glob(f"{place.name}*")} == {0}
