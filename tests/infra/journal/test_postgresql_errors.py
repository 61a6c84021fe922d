"""What goes wrong with a PostgreSQL server, in words for a secretary and without any value of a row."""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import insert

from fse.base.errors import StorageError, UsageError
from fse.infra.journal import Journal, postgresql_errors
from fse.infra.journal.schema.tables import compteur
from tests.infra.journal.facts import CABINET, CLE, NIR, NOW, on_postgresql
from tests.infra.journal.postgres_server import Server, database_of


@on_postgresql
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
        assert (where, error.value.code) == (where, code)
        assert error.value.status == 5
    for where, code in {
        other: "journal.illisible",
        server.address("essai_1", "lecteur"): "journal.inaccessible",
    }.items():
        with pytest.raises(StorageError) as error:
            Journal.create(where, CABINET, CLE, "T", NOW)
        assert (where, error.value.code) == (where, code)


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
    assert error.value.code == code
    assert "secret" not in str(error.value)


def test_without_the_extra_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError) as error:
        Journal.open("postgresql://serveur/base", CABINET, CLE)
    assert error.value.code == "installation.extra_absent"
    assert "fse[postgresql]" in error.value.action


@on_postgresql
def test_a_refusal_says_where_and_never_what(journal: Journal) -> None:
    with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
        transaction.connection.execute(insert(compteur), [{"cabinet": CABINET, "nom": NIR, "valeur": 1}] * 2)
    assert str(error.value.__cause__) == "UniqueViolation 23505 public compteur compteur_pkey"
    with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
        transaction.connection.exec_driver_sql(f"SELECT CAST('{NIR}x' AS BIGINT)")
    assert error.value.code == "journal.erreur"
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
