"""What is particular to PostgreSQL: many practices in one database, who waits for whom, what its errors become."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from fse.base.errors import FseError, StorageError, UsageError
from fse.infra.journal import Genre, Journal, postgresql_errors
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

pytestmark = on_postgresql

AUTRE = "cabinet-voisin"


def code_of(error: pytest.ExceptionInfo[FseError]) -> str:
    return error.value.code


@pytest.fixture
def neighbour(place: str, journal: Journal) -> Iterator[Journal]:
    """Another practice in the same database."""
    with Journal.create(place, AUTRE, "une autre clé", "D", NOW) as created:
        yield created


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


def test_a_reading_waits_for_no_writer_and_sees_nothing_of_it(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        assert journal.verify() == []
        with journal.reading() as reading:
            assert factures.waiting(reading) == []


def test_text_compares_bytewise(place: str, journal: Journal, server: Server) -> None:
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
    assert loose == []
    changed = server.create(place)
    server.run('ALTER TABLE compteur ALTER COLUMN nom TYPE text COLLATE "default"', database_of(changed))
    with pytest.raises(StorageError) as error:
        Journal.open(changed, CABINET, CLE)
    assert code_of(error) == "journal.base_texte"


def test_errors_of_opening(place: str, server: Server) -> None:
    server.run("CREATE DATABASE latine ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    other = server.create()
    server.run("CREATE TABLE cabinet (cabinet TEXT)", database_of(other))
    server.run("CREATE ROLE lecteur LOGIN")
    cases = {
        place: "journal.absent",
        server.address("nulle_part"): "journal.base",
        server.address("postgres", "inconnu"): "journal.acces",
        server.address("latine"): "journal.base_texte",
        "postgresql://127.0.0.1:1/base": "journal.serveur",
        "postgresql:///base?host=/nulle/part": "journal.serveur",
        "postgresql:///?service=inconnu": "journal.base",
    }
    for where, code in cases.items():
        with pytest.raises(StorageError) as error:
            Journal.open(where, CABINET, CLE)
        assert (where, code_of(error)) == (where, code)
        assert error.value.status == 5
    for where, code in {
        other: "journal.illisible",
        server.address("essai_1", "lecteur"): "journal.inaccessible",
    }.items():
        with pytest.raises(StorageError) as error:
            Journal.create(where, CABINET, CLE, "T", NOW)
        assert (where, code_of(error)) == (where, code)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://fse:secret@serveur/base", "journal.mot_de_passe"),
        ("postgresql://fse@serveur/base?password=secret", "journal.mot_de_passe"),
        ("postgresql://fse@serveur/base?inconnu=secret", "journal.adresse"),
    ],
)
def test_an_address_holds_no_password(address: str, code: str) -> None:
    with pytest.raises(UsageError) as error:
        Journal.open(address, CABINET, CLE)
    assert code_of(error) == code
    assert "secret" not in str(error.value)


def test_without_the_extra_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError) as error:
        Journal.open("postgresql://serveur/base", CABINET, CLE)
    assert code_of(error) == "installation.extra_absent"
    assert "fse[postgresql]" in error.value.action


def test_a_refusal_says_where_and_never_what(journal: Journal) -> None:
    with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
        transaction.connection.execute(insert(compteur), [{"cabinet": CABINET, "nom": NIR, "valeur": 1}] * 2)
    assert str(error.value.__cause__) == "UniqueViolation 23505 public compteur compteur_pkey"
    with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
        transaction.connection.exec_driver_sql(f"SELECT CAST('{NIR}x' AS BIGINT)")
    assert code_of(error) == "journal.erreur"
    assert NIR not in f"{error.value} {error.value.__cause__}"


@pytest.mark.parametrize(
    ("state", "said", "code"),
    [
        ("53100", "", "journal.disque"),
        ("58030", "", "journal.disque"),
        ("53300", "", "journal.verrouille"),
        ("40P01", "", "journal.verrouille"),
        ("57P03", "", "journal.serveur"),
        ("25006", "", "journal.inaccessible"),
        ("28P01", "", "journal.acces"),
        ("XX001", "", "journal.illisible"),
        (None, "FATAL:  la base de données « cabinet » n'existe pas", "journal.base"),
        (None, "FATAL:  authentification par mot de passe échouée pour l'utilisateur « fse »", "journal.acces"),
        (None, "fe_sendauth: no password supplied", "journal.acces"),
        (None, "FATAL:  sorry, too many clients already", "journal.verrouille"),
        (None, "server closed the connection unexpectedly", "journal.serveur"),
    ],
)
def test_what_the_server_says_becomes_a_plain_error(state: str | None, said: str, code: str) -> None:
    error = type("OperationalError", (Exception,), {"sqlstate": state})(said)
    assert postgresql_errors.explain(error, "").code == code


# --- a server of its own: to be killed, and to be searched ----------------------------------------------------------


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    with running() as started:
        yield started


def test_a_server_killed_in_a_transaction_undoes_it_and_the_next_run_carries_on(own_server: Server) -> None:
    place = own_server.create()
    with Journal.create(place, CABINET, CLE, "T", NOW) as journal:
        with journal.transaction(NOW) as transaction:
            secure(transaction, factures.allocate_numero(transaction, PRESTATAIRE))
        with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
            secure(transaction, factures.allocate_numero(transaction, PRESTATAIRE))
            transaction.event(Genre.ACTE_MANUEL, {"acte": 1})
            own_server.crash()
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
