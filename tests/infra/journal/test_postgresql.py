"""What is particular to PostgreSQL: many practices in one database, who waits for whom, what its errors become."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from fse.base.errors import FseError, StorageError, UsageError
from fse.infra.journal import Genre, Journal
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.schema.tables import compteur, evenement
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
    on_postgresql,
    reopened,
    secure,
)
from tests.infra.journal.postgres_server import Server, database_of, running

AUTRE = "cabinet-voisin"


def code_of(error: pytest.ExceptionInfo[FseError]) -> str:
    return error.value.code


@pytest.fixture
def neighbour(place: str, journal: Journal) -> Iterator[Journal]:
    """Another practice in the same database."""
    with Journal.create(place, AUTRE, "une autre clé", "D", NOW) as created:
        yield created


@on_postgresql
def test_practices_share_a_database_and_nothing_else(place: str, journal: Journal, neighbour: Journal) -> None:
    for one in (journal, neighbour):
        with one.transaction(NOW) as transaction:
            assert factures.allocate_numero(transaction, PRESTATAIRE) == 1
            secure(transaction, 1)
    with neighbour.transaction(NOW) as transaction:
        secure(transaction, 2)
    assert (journal.head().rang, neighbour.head().rang) == (1, 2)
    assert journal.verify() == neighbour.verify() == []
    with journal.reading() as mine, neighbour.reading() as theirs:
        assert [len(factures.waiting(reading)) for reading in (mine, theirs)] == [1, 2]
        kept = factures.waiting(theirs)[0].contenu_saisie
        with pytest.raises(StorageError) as error:
            mine.load(kept)
    assert code_of(error) == "journal.contenu_absent"
    assert (journal.marque, neighbour.marque) == ("T", "D")
    for cabinet, cle, code in [(AUTRE, CLE, "journal.cle"), ("inconnu", CLE, "journal.absent")]:
        with pytest.raises(StorageError) as error:
            Journal.open(place, cabinet, cle)
        assert code_of(error) == code
    with pytest.raises(StorageError) as error:
        Journal.create(place, AUTRE, CLE, "T", NOW)
    assert code_of(error) == "journal.existe"


@on_postgresql
def test_only_the_same_practice_waits_and_then_sees_what_it_waited_for(
    place: str, journal: Journal, neighbour: Journal
) -> None:
    seen: list[list[int]] = []

    def count_waiting() -> None:
        with reopened(place, journal.coffre) as other, other.transaction(NOW) as transaction:
            seen.append([facture.numero for facture in factures.waiting(transaction)])

    second = threading.Thread(target=count_waiting)
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        second.start()
        with neighbour.transaction(NOW) as elsewhere:
            secure(elsewhere, 7)
        second.join(0.3)
        assert seen == []
    second.join(20)
    assert seen == [[1]]


@on_postgresql
def test_a_reading_waits_for_no_writer_and_sees_nothing_of_it(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        assert journal.verify() == []
        with journal.reading() as reading:
            assert factures.waiting(reading) == []


COMPARED_ONLY = {("facture_emise", "accuse"), ("facture_suivie", "accuse")}
"""Texts that a view makes of literals: they are compared for equality, which is bytewise in any collation."""


@on_postgresql
def test_text_compares_bytewise(journal: Journal) -> None:
    names = ["é", "a", "Z", "_", "1", "-", "b a", "ba"]
    with journal.transaction(NOW) as transaction:
        for name in names:
            transaction.allocate(name)
    with journal.reading() as reading:
        found = reading.connection.execute(select(compteur.c.nom).order_by(compteur.c.nom)).scalars().all()
        loose = reading.connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
        ).all()
    assert found == sorted(names, key=str.encode)
    assert set(loose) <= COMPARED_ONLY


@on_postgresql
def test_a_text_that_does_not_compare_bytewise_is_refused(place: str, server: Server) -> None:
    Journal.create(place, CABINET, CLE, "T", NOW).close()
    server.run('ALTER TABLE compteur ALTER COLUMN nom TYPE text COLLATE "default"', database_of(place))
    with pytest.raises(StorageError) as error:
        Journal.open(place, CABINET, CLE)
    assert code_of(error) == "journal.base_texte"


# --- a server of its own: to be killed, and to be searched ----------------------------------------------------------


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    with running() as started:
        yield started


def secure_while_it_crashes(journal: Journal, server: Server) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, factures.allocate_numero(transaction, PRESTATAIRE))
        transaction.event(Genre.ACTE_MANUEL, {"acte": 1})
        server.crash()


def test_a_server_killed_in_a_transaction_undoes_it_and_the_next_run_carries_on(own_server: Server) -> None:
    place = own_server.create()
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        with journal.transaction(NOW) as transaction:
            secure(transaction, factures.allocate_numero(transaction, PRESTATAIRE))
        with pytest.raises(StorageError) as error:
            secure_while_it_crashes(journal, own_server)
        assert code_of(error) == "journal.serveur"
        with pytest.raises(StorageError) as error, journal.transaction(NOW):
            pass
        assert code_of(error) == "journal.serveur"
        own_server.start_again()
        with journal.transaction(NOW) as transaction:
            assert [facture.numero for facture in factures.waiting(transaction)] == [1]
            secure(transaction, factures.allocate_numero(transaction, PRESTATAIRE))
        with journal.reading() as reading:
            assert reading.connection.execute(select(evenement.c.rang).order_by("rang")).scalars().all() == [1, 2]
            assert [facture.numero for facture in factures.waiting(reading)] == [1, 2]
        assert journal.verify() == []


def test_nothing_personal_stands_in_the_files_of_the_server(own_server: Server) -> None:
    secrets = [NIR.encode(), b"MARTINEAU", b"CLEMENTINE", CLE.encode(), NIR.encode().hex().encode(), b"TUFSVElORUFV"]
    place = own_server.create()
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        with journal.transaction(NOW) as transaction:
            for numero in (1, 2, 3):
                secure(transaction, numero)
            cancel(transaction, 3)
            key = make_lot(transaction, 1, [1, 2])
            lots.sign(transaction, key, NIR.encode() + b" cms")
            freeze_file(transaction, "000001", [key])
            mark_written(transaction, "000001")
            transaction.store("recu", NIR.encode() * 1000)
            assert transaction.load_person(transaction.person(NIR, IDENTITE)).nir == NIR
        with pytest.raises(UsageError), journal.transaction(NOW) as transaction:
            secure(transaction, 1)
    own_server.run("CHECKPOINT")
    data = own_server.read_files()
    assert PRESTATAIRE.encode() in data
    assert [secret for secret in secrets if secret in data] == []
