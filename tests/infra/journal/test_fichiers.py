"""Files: frozen, then written, then marked; received once, contradicted never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fse.base.errors import StorageError, UsageError
from fse.infra.journal import Journal
from fse.infra.journal.facts import fichiers_emis, fichiers_recus, lots
from tests.infra.journal.facts import (
    EMETTEUR,
    NOW,
    RECU,
    TODAY,
    freeze_file,
    make_lot,
    mark_written,
    secure,
)


def test_a_frozen_file_waits_until_it_is_marked(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        secure(transaction, 2)
        keys = [make_lot(transaction, 2, [1]), make_lot(transaction, 1, [2])]
        for key in keys:
            lots.sign(transaction, key, b"cms")
        assert fichiers_emis.allocate_identifiant(transaction, EMETTEUR) == "000001"
        freeze_file(transaction, "000001", keys)
    with journal.transaction(NOW) as transaction:
        (frozen,) = fichiers_emis.to_write(transaction)
        assert transaction.load(frozen.contenu_fichier).startswith(b"fichier 000001")
        assert fichiers_emis.lots_of(transaction, EMETTEUR, "000001") == keys
        mark_written(transaction, "000001")
        assert fichiers_emis.to_write(transaction) == []
        assert fichiers_emis.find_emitted(transaction, EMETTEUR, "000001") == frozen
        assert fichiers_emis.find_emitted(transaction, EMETTEUR, "000002") is None


def test_a_lot_is_sent_again_in_another_file(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        key = make_lot(transaction, 1, [1])
        lots.sign(transaction, key, b"cms")
        for identifiant, day in (("000002", TODAY + 30), ("000001", TODAY)):
            freeze_file(transaction, identifiant, [key])
            mark_written(transaction, identifiant, day)
        held = [fichiers_emis.lots_of(transaction, EMETTEUR, identifiant) for identifiant in ("000001", "000002")]
        assert held == [[key], [key]]


def test_a_file_holds_signed_lots_only(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        secure(transaction, 1)
        key = make_lot(transaction, 1, [1])
    with pytest.raises(UsageError) as error, journal.transaction(NOW) as transaction:
        freeze_file(transaction, "000001", [key])
    assert error.value.code == "fichier.lot_non_signe"
    with pytest.raises(ValueError, match="lot"), journal.transaction(NOW) as transaction:
        freeze_file(transaction, "000001", [])


def test_only_a_frozen_file_is_marked(journal: Journal) -> None:
    with pytest.raises(ValueError, match="frozen"), journal.transaction(NOW) as transaction:
        mark_written(transaction, "000001")


def test_a_received_file_is_found_by_digest_and_identity(journal: Journal) -> None:
    with journal.transaction(NOW) as transaction:
        archive = transaction.store("recu", b"000 999")
        given = replace(RECU, contenu_archive=archive)
        fichiers_recus.insert_received(transaction, given)
    with journal.reading() as reading:
        assert fichiers_recus.find_digest(reading, given.empreinte) == given
        assert fichiers_recus.find_digest(reading, "b" * 64) is None
        identity = (given.emetteur, given.destinataire, given.identifiant, given.date_creation)
        assert fichiers_recus.find_identity(reading, *identity) == given
        assert fichiers_recus.find_identity(reading, given.emetteur, given.destinataire, "000002", TODAY) is None
        assert fichiers_recus.received_files(reading) == [given]


def test_a_second_digest_of_one_identity_is_set_aside_and_never_booked(journal: Journal) -> None:
    twin = replace(RECU, empreinte="b" * 64)
    with journal.transaction(NOW) as transaction:
        fichiers_recus.insert_received(transaction, RECU)
    for refused in (twin, RECU):
        with pytest.raises(StorageError) as error, journal.transaction(NOW) as transaction:
            fichiers_recus.insert_received(transaction, refused)
        assert error.value.code == "journal.contrainte"
    with journal.transaction(NOW) as transaction:
        for digest in ("b" * 64, "d" * 64):
            aside = replace(twin, empreinte=digest, verdict="ecarte", motif="fichier.identite")
            fichiers_recus.insert_received(transaction, aside)
        assert (
            fichiers_recus.find_identity(
                transaction, RECU.emetteur, RECU.destinataire, RECU.identifiant, RECU.date_creation
            )
            == RECU
        )
    with journal.reading() as reading:
        kinds = reading.connection.exec_driver_sql("SELECT genre FROM evenement ORDER BY rang").scalars().all()
    assert kinds == ["fichier_recu", "fichier_ecarte", "fichier_ecarte"]


@pytest.mark.parametrize(("verdict", "motif"), [("ecarte", None), ("recu", "x")])
def test_a_reason_goes_with_setting_aside(journal: Journal, verdict: str, motif: str | None) -> None:
    with pytest.raises(StorageError), journal.transaction(NOW) as transaction:
        fichiers_recus.insert_received(transaction, replace(RECU, verdict=verdict, motif=motif))
